import { elementAt, elementsIn, Trouble, type XmlElement, type Xsd, xmlIn, xmlText, xmlTextAt } from '../../src/kit/index.ts';
import { rowShape } from './messages.ts';

/** FileThongBaoThue: base64 of an XML document `/DATA/BODY/ROW_LIST` (SOURCED TD; the row's own name is INFERENCE). */

export const ROW_FIELDS = ['MA_SO_THUE', 'SO_QUYET_DINH', 'NGAY_QUYET_DINH', 'TEN_TIEUMUC', 'SO_TIEN'] as const;
export interface NoticeRow {
  readonly maHoSo: string;
  /** As the row states them; what it leaves out is absent. */
  readonly fields: Readonly<Record<string, string>>;
}

/** The rows of the file. What is no base64, no XML, has a DOCTYPE or breaks our XSD is refused. */
export function rowsOf(file: string, mostBytes: number, xsd: Xsd): readonly NoticeRow[] {
  const packed = file.replace(/\s+/gu, '');
  if (packed.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/u.test(packed)) throw unreadable('base64');
  const document = xmlIn(Buffer.from(packed, 'base64'), { mostBytes });
  const issues = xsd.check(xmlText(document));
  if (issues.length > 0)
    throw unreadable(
      'schema',
      issues.map(({ path, code, vi, en }) => ({ path, code, vi, en })),
    );
  const list = elementAt(document, 'BODY.ROW_LIST');
  return (list === null ? [] : elementsIn(list)).map((row, index) => ({
    maHoSo: (xmlTextAt(row, 'MA_HSO') ?? '').trim(),
    fields: believed(row, index),
  }));
}

function believed(row: XmlElement, index: number): NoticeRow['fields'] {
  const stated = ROW_FIELDS.flatMap((name) => {
    const text = xmlTextAt(row, name)?.trim() ?? '';
    return text === '' ? [] : [[name, text.normalize('NFC')] as const];
  });
  const read = rowShape.safeParse(Object.fromEntries(stated));
  if (read.success) return Object.fromEntries(stated);
  const issues = read.error.issues.map(({ path }) => ({
    path: `ROW_LIST.${index + 1}.${path.join('.')}`,
    code: 'notice.value',
    vi: 'Thiếu, hoặc không đúng định dạng.',
    en: 'Missing, or of the wrong format.',
  }));
  throw unreadable('schema', issues);
}

const unreadable = (what: 'base64' | 'schema', issues: Trouble['detail']['issues'] = []): Trouble =>
  new Trouble({
    kind: 'refused',
    scope: 'record',
    code: `notice.${what}`,
    vi: what === 'base64' ? 'Tệp thông báo thuế không phải base64.' : 'Tệp thông báo thuế không đúng lược đồ đã biết.',
    en: what === 'base64' ? 'The notice file is not base64.' : 'The notice file is not of the known schema.',
    issues,
  });
