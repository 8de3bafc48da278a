import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { call, issue, openCivilStatus, pushed, readOne, sample, startWorld, type World } from './world.ts';

let world: World | null = null;
afterEach(async () => {
  await world?.close();
  world = null;
});
const start = async (...given: Parameters<typeof startWorld>) => {
  world = await startWorld(...given);
  return world;
};

describe('T15: a record typed by hand at the ministry', () => {
  test('is found by name, date and place, whatever the case of the name', async () => {
    const here = await start();
    const { maHoSoMCDT: _key, ...typed } = await sample('birth', 1);
    const id = here.simulator.typeByHand('birth', typed);
    const fields = { nksHoTen: String(typed.nksHoTen).toLocaleLowerCase('vi'), nksNgaySinh: typed.nksNgaySinh, noiDangKy: typed.noiDangKy };
    const found = await here.kind('birth').find?.run(fields, call());
    expect(found?.map((sighting) => [sighting.id, sighting.key])).toEqual([[id, null]]);
    expect(found?.[0]?.record).toMatchObject({ trangThai: '4', ketQuaXuLy: { nksHoTen: typed.nksHoTen } });
  });

  test('is found by the new personal ID, and read again by its place in the register', async () => {
    const here = await start();
    const id = here.simulator.typeByHand('birth', await sample('birth', 2));
    const known = await readOne(here, id);
    const { soDinhDanh } = (known?.record.ketQuaXuLy ?? {}) as { readonly soDinhDanh?: string };
    expect(soDinhDanh).toMatch(/^099\d{9}$/u);
    expect((await here.kind('birth').find?.run({ ketQuaXuLy: { soDinhDanh: soDinhDanh ?? '' } }, call()))?.map((one) => one.id)).toEqual([
      id,
    ]);
    expect((await here.kind('birth').find?.run({ 'ketQuaXuLy.soDinhDanh': soDinhDanh ?? '' }, call()))?.map((one) => one.id)).toEqual([id]);
  });

  test('a person of the same name elsewhere is not it', async () => {
    const here = await start();
    here.simulator.typeByHand('birth', { ...(await sample('birth', 3)), noiDangKy: '32044' });
    const { nksHoTen, nksNgaySinh, noiDangKy } = await sample('birth', 3);
    expect(await here.kind('birth').find?.run({ nksHoTen, nksNgaySinh, noiDangKy }, call())).toEqual([]);
  });

  test('a search that states no key shows twins as two records of nobody', async () => {
    const here = await start({ unsafe: true });
    const key = await pushed(here, 4);
    await pushed(here, 4);
    issue(here, key);
    const { nksHoTen, nksNgaySinh, noiDangKy } = await sample('birth', 4);
    const found = await here.kind('birth').find?.run({ nksHoTen, nksNgaySinh, noiDangKy }, call());
    expect(new Set(found?.map(({ id }) => id)).size).toBe(2);
    expect(found?.map((sighting) => sighting.key)).toEqual([null, null]);
  });

  test('where no search is configured there is no such verb', async () => {
    const system = await openCivilStatus({ baseUrl: 'http://127.0.0.1:9' });
    expect(system.kinds.birth?.find).toBeUndefined();
    expect(system.kinds.birth?.acts?.step).toBeUndefined();
    await system.close();
  });
});

describe('the simulator', () => {
  test('forgets what came after the backup that is restored', async () => {
    const here = await start();
    const key = await pushed(here, 1);
    here.simulator.backup();
    here.simulator.advance('birth', key, '3');
    await pushed(here, 2);
    here.simulator.restore();
    expect((await readOne(here, key))?.record.trangThai).toBe('1');
    expect(here.simulator.records('birth')).toHaveLength(1);
    expect(here.simulator.received()).toHaveLength(2);
  });

  test('runs in a process of its own, is steered from outside, and keeps what it took over a kill', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'motlan-ht-'));
    try {
      const first = await alone(folder);
      const post = (baseUrl: string, name: string, body: object) =>
        fetch(`${baseUrl}/__control/${name}`, { method: 'POST', body: JSON.stringify(body) });
      const system = await openCivilStatus(first.config);
      const record = await sample('birth', 1);
      await system.kinds.birth?.create?.run({ key: 'H12.41-261124-0001', record, files: [] }, call());
      expect((await post(first.baseUrl, 'advance', { kind: 'birth', id: 'H12.41-261124-0001', stage: '3' })).status).toBe(200);
      expect((await post(first.baseUrl, 'advance', { kind: 'birth', id: 'H12.41-261124-0001', stage: '5' })).status).toBe(422);
      await system.close();
      await first.end('SIGKILL');
      const second = await alone(folder);
      const records = await (await fetch(`${second.baseUrl}/__control/records/birth`)).json();
      expect(records).toMatchObject([{ id: 'H12.41-261124-0001', record: { trangThai: '3' } }]);
      await second.end('SIGTERM');
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

/** Starts the simulator as `node` would and waits for its one line. */
async function alone(folder: string) {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', join(process.cwd(), 'adapters/civil-status/simulator.ts'), '--folder', folder],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const line = await new Promise<string>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`ended with ${code}`)));
    child.stdout.once('data', (bytes: Buffer) => resolve(bytes.toString('utf8')));
  });
  const { baseUrl, config } = JSON.parse(line);
  const end = (signal: NodeJS.Signals) =>
    new Promise<void>((resolve) => {
      child.removeAllListeners('exit');
      child.once('exit', () => resolve());
      child.kill(signal);
    });
  return { baseUrl: String(baseUrl), config, end };
}
