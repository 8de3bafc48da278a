import { element, type JsonObject, secret, sign, xmlText } from '../../../src/kit/index.ts';
import { ROW_FIELDS } from '../notice.ts';
import { listAt } from './office.ts';

/** Messages about land dossiers as a gateway sends them: the file in base64, the shared key in the body, the whole signed. */

export const CALLBACK_KEY = 'tax-callback-key';
export const SECURITY_KEY = 'tax-security-key';

const leaf = (name: string, text: string) => element(name, [text]);

/** The file of a notice: `/DATA/BODY/ROW_LIST`. */
export const noticeFile = (code: string, rows: readonly JsonObject[]): string =>
  xmlText(
    element('DATA', [
      element('BODY', [
        element(
          'ROW_LIST',
          rows.map((row) =>
            element('ROW', [
              leaf('MA_HSO', code),
              ...ROW_FIELDS.flatMap((name) => (row[name] === undefined ? [] : [leaf(name, String(row[name]))])),
            ]),
          ),
        ),
      ]),
    ]),
  );

const packed = (text: string): string => Buffer.from(text, 'utf8').toString('base64');

/** The body that says what the record says. */
export function bodyOf(record: JsonObject): Uint8Array {
  const said = String(record.loaiThongDiep);
  const stated = (record[said] ?? {}) as JsonObject;
  const { ROW_LIST: _rows, ...head } = stated;
  const message =
    said === 'ThongBaoThue'
      ? { ...head, Data: { FileThongBaoThue: packed(noticeFile(String(record.MaHoSo), listAt(stated, 'ROW_LIST'))) } }
      : { ...stated, MaHoSo: record.MaHoSo };
  return Buffer.from(JSON.stringify({ SecurityKey: SECURITY_KEY, ...message }), 'utf8');
}

export const headersOf = (key: string, at: number, nonce: string, body: Uint8Array): Readonly<Record<string, string>> => ({
  'content-type': 'application/json',
  ...sign(secret(key), { at, nonce, body }),
});
