import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { bodyOf, CALLBACK_KEY, headersOf, noticeFile, SECURITY_KEY } from '../../adapters/tax/simulator/messages.ts';
import { type Heard, type JsonObject, type System, secret, sign, type Touch } from '../../src/kit/index.ts';
import { mapping } from '../mappings/book.ts';
import { call, kindOf, openTax, sample, startWorld } from './world.ts';

const NOW = Date.UTC(2026, 10, 26, 3);
const LAND = { callbackKey: CALLBACK_KEY, securityKey: SECURITY_KEY };
const packed = (text: string) => Buffer.from(text, 'utf8').toString('base64');

let system: System;
beforeEach(async () => {
  system = await openTax({ land: LAND });
});
afterEach(() => system.close());

function heard(body: Uint8Array | JsonObject, headers?: Readonly<Record<string, string>>): Heard {
  const bytes = body instanceof Uint8Array ? body : Buffer.from(JSON.stringify(body), 'utf8');
  return {
    method: 'POST',
    path: '/callbacks/tax',
    headers: headers ?? headersOf(CALLBACK_KEY, NOW, 'nonce-0001', bytes),
    body: bytes,
    receivedAt: NOW,
  };
}
/** First by when it was decided or paid, then by when it was signed, in seconds. */
const numbered = (decidedAt: string): number => {
  const seconds = Date.parse(decidedAt) / 1000;
  return seconds * 4_000_000 + Math.max(0, Math.floor(NOW / 1000) - seconds);
};
const listen = (message: Heard, kind = 'land-notice') =>
  kindOf(system, kind).hear?.run(message, call()) ?? Promise.reject(new Error('deaf'));
const failure = (message: Heard) =>
  listen(message).then(
    () => Promise.reject(new Error('it was believed')),
    (error: unknown) => error,
  );
const of = (touches: readonly Touch[], kind: string) => touches.filter((touch) => touch.kind === kind);
const row = (more: JsonObject = {}): JsonObject => ({
  ...{ MA_SO_THUE: '099199000011', SO_QUYET_DINH: 'TB-1', NGAY_QUYET_DINH: '24-11-2026' },
  ...{ TEN_TIEUMUC: 'Lệ phí trước bạ', SO_TIEN: '1500000' },
  ...more,
});
const notice = (file: string, more: JsonObject = {}) =>
  heard({ SecurityKey: SECURITY_KEY, Data: { FileThongBaoThue: packed(file) }, ...more });

describe('a notice of land tax', () => {
  test('states the lines of its dossier, and opens the payment', async () => {
    const { touches, nonce } = await listen(notice(noticeFile('H12-1', [row(), row({ TEN_TIEUMUC: 'Thuế TNCN', SO_TIEN: '2.000.000' })])));
    expect(nonce).toBe('nonce-0001');
    expect(touches.map(({ kind, id, key }) => [kind, id, key])).toEqual([
      ['land-notice', 'H12-1', 'H12-1'],
      ['land-payment', 'H12-1', 'H12-1'],
    ]);
    expect(touches[0]?.sighting).toMatchObject({
      covers: ['MaHoSo', 'loaiThongDiep', 'ThongBaoThue'],
      sequence: numbered('2026-11-24T00:00:00+07:00'),
      statedAt: NOW,
      record: {
        loaiThongDiep: 'ThongBaoThue',
        ThongBaoThue: {
          ROW_LIST: [
            { khoa: 'TB-1/Lệ phí trước bạ', MA_SO_THUE: '099199000011', SO_TIEN: '1500000' },
            { khoa: 'TB-1/Thuế TNCN', SO_TIEN: '2.000.000' },
          ],
        },
      },
    });
    expect(touches[1]?.sighting).toMatchObject({
      covers: ['MaHoSo', 'loaiThongDiep'],
      record: { MaHoSo: 'H12-1', loaiThongDiep: 'ThongBaoThue' },
    });
  });

  test('about two dossiers tells each of its own lines only', async () => {
    const second = noticeFile('H12-2', [row({ SO_QUYET_DINH: 'TB-2' })]).split('<ROW_LIST>')[1];
    const both = `${noticeFile('H12-1', [row()]).split('</ROW_LIST>')[0]}${second}`;
    const { touches } = await listen(notice(both));
    expect(
      of(touches, 'land-notice').map(({ key, sighting }) => [key, (sighting?.record.ThongBaoThue as JsonObject | undefined)?.ROW_LIST]),
    ).toMatchObject([
      ['H12-1', [{ SO_QUYET_DINH: 'TB-1' }]],
      ['H12-2', [{ SO_QUYET_DINH: 'TB-2' }]],
    ]);
  });

  test('goes through the mapping: lines with ISO dates and whole đồng, the leg issued, the payment awaited (T2)', async () => {
    const { touches } = await listen(notice(noticeFile('H12-1', [row({ SO_TIEN: '1.500.000' })])));
    const [stated, opened] = touches.map(({ sighting }) => sighting);
    const lines = new Map(
      [...mapping('tax', 'land-notice').theirs(stated?.record ?? {}, stated?.covers ?? [])].map(([id, value]) => [
        id.split('.').at(-1),
        value,
      ]),
    );
    expect(lines.get('amount')).toEqual({ is: 'value', value: 1_500_000 });
    expect(lines.get('date')).toEqual({ is: 'value', value: '24-11-2026' });
    expect(mapping('tax', 'land-notice').phase(stated?.record ?? {}, stated?.covers ?? [])).toMatchObject({ phase: 'issued' });
    expect(mapping('tax', 'land-payment').phase(opened?.record ?? {}, opened?.covers ?? [])).toMatchObject({ phase: 'payment' });
  });

  test.each([
    ['a day there is not', { NGAY_QUYET_DINH: '31-02-2026' }, 'ROW_LIST.1.NGAY_QUYET_DINH'],
    ['a day in another format', { NGAY_QUYET_DINH: '2026-11-24' }, 'ROW_LIST.1.NGAY_QUYET_DINH'],
    ['an amount that is no whole đồng', { SO_TIEN: '1500000.50' }, 'ROW_LIST.1.SO_TIEN'],
    ['an amount below nothing', { SO_TIEN: '-1500000' }, 'ROW_LIST.1.SO_TIEN'],
    ['an amount in words', { SO_TIEN: 'một triệu' }, 'ROW_LIST.1.SO_TIEN'],
  ])('with %s is not acknowledged, for nobody could ask for it again', async (_what, more, path) => {
    const error = await failure(notice(noticeFile('H12-1', [row(more)])));
    expect(error).toMatchObject({ detail: { kind: 'refused', code: 'notice.schema', issues: [{ path }] } });
  });

  test.each([
    ['no base64', { Data: { FileThongBaoThue: 'chuỗi lạ!' } }, 'notice.base64'],
    ['no XML', { Data: { FileThongBaoThue: packed('xin chào') } }, 'xml.broken'],
    [
      'a DOCTYPE',
      { Data: { FileThongBaoThue: packed(`<!DOCTYPE DATA [<!ENTITY x "y">]>${noticeFile('H12-1', [row()]).split('\n')[1]}`) } },
      'xml.doctype',
    ],
    ['another document', { Data: { FileThongBaoThue: packed('<DATA><BODY/></DATA>') } }, 'notice.schema'],
    ['a row without its dossier', { Data: { FileThongBaoThue: packed(noticeFile('', [row()])) } }, 'notice.schema'],
    ['no file', { Data: {} }, 'callback.shape'],
  ])('with %s is refused, and nothing of it is quoted', async (_what, more, code) => {
    const error = await failure(heard({ SecurityKey: SECURITY_KEY, ...more }));
    expect(error).toMatchObject({ detail: { kind: 'refused', scope: 'record', code } });
    expect(JSON.stringify((error as { detail: unknown }).detail)).not.toMatch(/099199000011|chuỗi lạ|xin chào|tax-security-key/u);
  });
});

describe('a receipt', () => {
  const receipt = async (n: number, paid: JsonObject = {}) => {
    const record = await sample('land-payment', n);
    const ChungTuThue = record.ChungTuThue as JsonObject;
    return { ...record, ChungTuThue: { ...ChungTuThue, ThongTinThanhToan: { ...(ChungTuThue.ThongTinThanhToan as JsonObject), ...paid } } };
  };

  test('states the payment and who paid, and the dossier goes on', async () => {
    const { touches } = await listen(heard(bodyOf(await receipt(1))), 'land-payment');
    expect(touches).toHaveLength(1);
    const sighting = touches[0]?.sighting;
    expect(sighting).toMatchObject({
      sequence: numbered('2026-11-25T09:15:00+07:00'),
      record: { ChungTuThue: { ThongTinThanhToan: { SoTien: '1500000' } } },
    });
    expect(mapping('tax', 'land-payment').phase(sighting?.record ?? {}, sighting?.covers ?? [])).toMatchObject({ phase: 'accepted' });
  });

  test('whose amount and numbers come as numbers is understood like text (T12)', async () => {
    const stated = await receipt(1, { SoTien: 1_500_000, ThoiGianThanhToan: 20_261_125_091_500 });
    const { touches } = await listen(heard(bodyOf(stated)), 'land-payment');
    const sighting = touches[0]?.sighting;
    expect(sighting?.sequence).toBe(numbered('2026-11-25T09:15:00+07:00'));
    const lines = mapping('tax', 'land-payment').theirs(sighting?.record ?? {}, sighting?.covers ?? []);
    expect(lines.get('results.tax.payment.amount')).toEqual({ is: 'value', value: 1_500_000 });
  });

  test.each([
    ['ThoiGianThanhToan', '25-11-2026'],
    ['ThoiGianThanhToan', '20261332000000'],
    ['SoTien', '1500000,5'],
    ['SoTien', 1_500_000.5],
  ])('whose %s is %s is not acknowledged', async (name, value) => {
    const error = await failure(heard(bodyOf(await receipt(1, { [name]: value }))));
    expect(error).toMatchObject({ detail: { kind: 'refused', code: 'callback.shape', issues: [{ path: `ThongTinThanhToan.${name}` }] } });
  });

  test('comes after its notice in number, whichever arrives first', async () => {
    const paid = (await listen(heard(bodyOf(await receipt(1))), 'land-payment')).touches[0]?.sighting?.sequence ?? 0;
    const { touches } = await listen(heard(bodyOf(await sample('land-notice', 1))));
    const opened = of(touches, 'land-payment')[0]?.sighting?.sequence ?? 0;
    expect(opened).toBeGreaterThan(0);
    expect(paid).toBeGreaterThan(opened);
  });
});

describe('a request for more', () => {
  test('tells form, day and content, and the leg waits for a supplement', async () => {
    const body = {
      ...{ SecurityKey: SECURITY_KEY, MaHoSo: 'H12-1', MauSo: '01/CCTT-ĐĐTCQ', SoThongBao: 'CC-7', NgayThongBao: '11-11-2026' },
      ...{ NoiDung: 'Thiếu sơ đồ thửa đất', HanTraLoi: '18-11-2026' },
    };
    const { touches } = await listen(heard(body));
    expect(touches.map(({ kind }) => kind)).toEqual(['land-notice']);
    const sighting = touches[0]?.sighting;
    const phase = mapping('tax', 'land-notice').phase(sighting?.record ?? {}, sighting?.covers ?? []);
    expect(phase).toMatchObject({ phase: 'supplement', note: 'Thiếu sơ đồ thửa đất' });
    expect(sighting?.covers).not.toContain('ThongBaoThue');
  });
});

describe('what proves a message', () => {
  const body = () => bodyOf({ MaHoSo: 'H12-1', loaiThongDiep: 'ThongBaoThue', ThongBaoThue: { ROW_LIST: [row()] } });

  test.each([
    ['a forged signature', (headers: Record<string, string>) => ({ ...headers, 'x-motlan-signature': '0'.repeat(64) })],
    ['another nonce', (headers: Record<string, string>) => ({ ...headers, 'x-motlan-nonce': 'nonce-9999' })],
    ['no signature', ({ 'x-motlan-signature': _gone, ...headers }: Record<string, string>) => headers],
    [
      'a foreign key',
      (_headers: Record<string, string>) => ({ ...sign(secret('khóa khác'), { at: NOW, nonce: 'nonce-0001', body: body() }) }),
    ],
  ])('%s is refused', async (_what, spoil) => {
    const headers = spoil({ ...headersOf(CALLBACK_KEY, NOW, 'nonce-0001', body()) });
    expect(await failure(heard(body(), headers))).toMatchObject({ detail: { kind: 'refused' } });
  });

  test('the shared key alone proves nothing, and a wrong one spoils a right signature', async () => {
    expect(await failure(heard(body(), {}))).toMatchObject({ detail: { code: 'callback.headers' } });
    const wrong = { ...(JSON.parse(Buffer.from(body()).toString('utf8')) as JsonObject), SecurityKey: 'mật khẩu lạ' };
    const { SecurityKey: _gone, ...without } = wrong as { SecurityKey: string };
    for (const spoken of [wrong, without]) {
      const error = await failure(heard(spoken));
      expect(error).toMatchObject({ detail: { kind: 'refused', code: 'callback.security-key' } });
      expect(`${String(error)}${JSON.stringify(error)}`).not.toMatch(/mật khẩu lạ|tax-security-key/u);
    }
  });

  test('the shared key goes nowhere: not into what is kept, not into what is printed', async () => {
    for (const spoken of [body(), bodyOf(await sample('land-payment', 1))]) {
      const { touches } = await listen(heard(spoken));
      expect(JSON.stringify(touches)).not.toContain(SECURITY_KEY);
    }
    const open = await openTax({ land: { callbackKey: CALLBACK_KEY } });
    const { touches } = (await kindOf(open, 'land-notice').hear?.run(heard(body()), call())) ?? { touches: [] };
    expect(touches).toHaveLength(2);
    expect(JSON.stringify(touches)).not.toContain(SECURITY_KEY);
    await open.close();
  });

  test.each([
    ['not JSON', Buffer.from('<html>', 'utf8'), 'callback.not-json'],
    ['a list', Buffer.from('[1]', 'utf8'), 'callback.not-json'],
    [
      'a message of no known kind',
      Buffer.from(JSON.stringify({ SecurityKey: SECURITY_KEY, MaHoSo: 'H12-1' }), 'utf8'),
      'callback.unknown-message',
    ],
    [
      'a message without its dossier',
      Buffer.from(JSON.stringify({ SecurityKey: SECURITY_KEY, ThongTinThanhToan: {} }), 'utf8'),
      'callback.shape',
    ],
  ])('rightly signed, but %s: refused', async (_what, bytes, code) => {
    expect(await failure(heard(bytes))).toMatchObject({ detail: { kind: 'refused', code } });
  });

  test('one door serves notices and payments', () => {
    expect(kindOf(system, 'land-notice').hear).toBe(kindOf(system, 'land-payment').hear);
    expect(kindOf(system, 'first-tax-code').hear).toBeUndefined();
  });
});

describe('the simulated office', () => {
  test('calls in what is typed and changed there, and every message is believed', async () => {
    const world = await startWorld();
    const { createServer } = await import('node:http');
    const taken: Heard[] = [];
    let refusals = 2;
    const motlan = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        refusals -= 1;
        if (refusals >= 0) return response.writeHead(503).end();
        const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
        taken.push({ method: 'POST', path: '/callbacks/tax', headers, body: Buffer.concat(chunks), receivedAt: Date.now() });
        return response.writeHead(202).end();
      });
    });
    await new Promise<void>((resolve) => motlan.listen(0, '127.0.0.1', resolve));
    const { port } = motlan.address() as { readonly port: number };
    world.simulator.callback(`http://127.0.0.1:${port}/callbacks/tax`);
    const code = world.simulator.typeByHand('land-notice', await sample('land-notice', 3));
    world.simulator.advance('land-notice', code, 'ThongBaoBoSung', {
      ThongBaoBoSung: { MauSo: '01/CCTT-ĐĐTCQ', NgayThongBao: '25-11-2026' },
    });
    world.simulator.typeByHand('land-payment', await sample('land-payment', 3));
    await world.simulator.told();
    const said = await Promise.all(taken.map((message) => kindOf(world.system, 'land-notice').hear?.run(message, call())));
    expect(new Set(said.map((one) => one?.nonce)).size).toBe(3);
    expect(
      said.flatMap((one) => one?.touches.map(({ kind, key, sighting }) => [kind, key, sighting?.record.loaiThongDiep]) ?? []).sort(),
    ).toEqual([
      ['land-notice', code, 'ThongBaoBoSung'],
      ['land-notice', code, 'ThongBaoThue'],
      ['land-payment', code, 'ChungTuThue'],
      ['land-payment', code, 'ThongBaoThue'],
    ]);
    await new Promise((resolve) => motlan.close(resolve));
    await world.close();
  });
});
