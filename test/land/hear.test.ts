import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { bodyOf, headersOf, type LandSimulator, SECURITY_CODE, startLand } from '../../adapters/land/simulator.ts';
import { type Heard, type Json, type JsonObject, NO_FAULTS, type RecordKind, type System } from '../../src/kit/index.ts';
import { loadAdapter, openSystem } from '../../src/kit/load.ts';
import { realChance, realClock } from '../../src/ports.ts';

const NOW = Date.UTC(2026, 10, 26, 3);
const call = () => ({ signal: AbortSignal.timeout(20_000) });

let simulator: LandSimulator;
let system: System;
const opened = async (config: JsonObject = {}) =>
  openSystem(await loadAdapter(['adapters'], 'land'), { ...simulator.config, ...config } as Json, {
    ...{ clock: realClock, chance: realChance(realClock) },
  });
beforeEach(async () => {
  simulator = await startLand({ folder: null, clock: realClock, faults: NO_FAULTS });
  system = await opened();
});
afterEach(async () => {
  await system.close();
  await simulator.close();
});

const kind = (of: System = system): RecordKind => {
  const found = of.kinds.registration;
  if (found === undefined) throw new Error('no registration');
  return found;
};
const ended = (papers: readonly JsonObject[]): JsonObject => ({
  ...{ SoBienNhan: 'H12-1', trangThai: 'KetThuc' },
  KetThuc: { TrangThaiKetThuc: 1, DanhSachGiayToKetQua: papers },
});
function heard(record: JsonObject, more: JsonObject = {}): Heard {
  const said = JSON.parse(Buffer.from(bodyOf(record, NOW)).toString('utf8')) as JsonObject;
  const body = Buffer.from(JSON.stringify({ ...said, ...more }), 'utf8');
  return { method: 'POST', path: '/callbacks/land', headers: headersOf(NOW, 'nonce-0001', body), body, receivedAt: NOW };
}
const listen = async (message: Heard) => (await kind().hear?.run(message, call()))?.touches[0]?.sighting;
const failure = (promise: Promise<unknown> | undefined) =>
  (promise ?? Promise.resolve()).then(
    () => Promise.reject(new Error('it was taken')),
    (error: unknown) => error,
  );

describe('a message of the land system', () => {
  test('states its own part and what it means, and the shared code goes nowhere', async () => {
    const sighting = await listen(heard(ended([])));
    expect(sighting).toMatchObject({ id: 'H12-1', sequence: NOW, record: { trangThai: 'KetThuc/1', KetThuc: { TrangThaiKetThuc: '1' } } });
    expect(sighting?.covers).toEqual(['SoBienNhan', 'trangThai', 'KetThuc']);
    expect(JSON.stringify(sighting)).not.toContain(SECURITY_CODE);
  });

  test.each([
    ['another shared code', { SecurityCode: 'mã lạ' }, 'callback.security-code'],
    ['no shared code', { SecurityCode: null }, 'callback.security-code'],
    ['a name that nobody knows', { ThongDiep: 'XoaHoSo' }, 'callback.shape'],
    ['no time', { ThoiDiem: null }, 'callback.shape'],
    ['a field of another shape', { DanhSachGiayToKetQua: 'giấy' }, 'callback.shape'],
  ])('with %s is refused, though rightly signed, and nothing of it is quoted', async (_what, more, code) => {
    const error = await failure(listen(heard(ended([]), more)));
    expect(error).toMatchObject({ detail: { kind: 'refused', code } });
    expect(`${String(error)}${JSON.stringify((error as { detail: unknown }).detail)}`).not.toMatch(
      /mã lạ|XoaHoSo|giấy|land-security-code/u,
    );
  });
});

describe('a result at an address', () => {
  const paperOf = async (...addresses: readonly string[]) =>
    (await listen(heard(ended(addresses.map((DuongDan, n) => ({ TenGiayTo: `Giấy ${n}`, DuongDan }))))))?.record.tepKetQua;
  const fetched = (remoteId: string, of?: System) =>
    kind(of).getFile?.run(
      { id: 'H12-1', mark: { name: 'a', mime: 'application/pdf', sizeBytes: 0, hash: null, remoteId, kind: null } },
      call(),
    );

  test('of the land system is the dossier’s paper and comes whole; of several none is picked', async () => {
    const address = simulator.putPaper(Buffer.from('%PDF-1.4 mẫu', 'utf8'));
    expect(await paperOf(address)).toMatchObject({ remoteId: address, hash: null });
    expect(await paperOf(address, `${address}2`)).toBeUndefined();
    const chunks: Uint8Array[] = [];
    for await (const chunk of (await fetched(address)) ?? []) chunks.push(chunk);
    expect(Buffer.concat(chunks).toString('utf8')).toBe('%PDF-1.4 mẫu');
  });

  test.each([
    ['another host', 'http://169.254.0.1/tep/a'],
    ['a host that only begins so', (base: string) => `${base}.invalid/tep/a`],
    ['another host behind a name', (base: string) => base.replace('http://', 'http://127.0.0.1:1@')],
    ['a file of this machine', 'file:///etc/hosts'],
    ['no address', 'tep/a'],
  ])('of %s is never fetched', async (_what, given) => {
    const address = typeof given === 'string' ? given : given(simulator.baseUrl);
    const before = simulator.counted().calls;
    expect(await paperOf(address)).toBeUndefined();
    expect(await failure(fetched(address))).toMatchObject({ detail: { kind: 'refused', code: 'file.elsewhere' } });
    expect(simulator.counted().calls).toBe(before);
  });

  test('above the agreed folder is never fetched', async () => {
    const narrow = await opened({ filesBelow: `${simulator.baseUrl}/tep/` });
    for (const address of [`${simulator.baseUrl}/api/x`, `${simulator.baseUrl}/tep/../api/x`, `${simulator.baseUrl}/tep/%2e%2e/api/x`])
      expect(await failure(fetched(address, narrow))).toMatchObject({ detail: { code: 'file.elsewhere' } });
    await narrow.close();
  });
});
