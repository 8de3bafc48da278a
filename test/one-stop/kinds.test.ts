import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { startOneStop } from '../../adapters/one-stop/simulator.ts';
import { checkRecord, type JsonObject, type System } from '../../src/kit/index.ts';
import { adapterData, listAdapters, loadAdapter, openSystem } from '../../src/kit/load.ts';
import { realChance, realClock } from '../../src/ports.ts';
import { book } from '../mappings/book.ts';
import { call, sample } from './world.ts';

const PLACE = listAdapters(['adapters']).find(({ name }) => name === 'one-stop') ?? { name: 'one-stop', folder: 'adapters/one-stop' };
const shipped = adapterData(PLACE, null);
const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A directory of overrides that adds the form `stall-permit@1` to the one-stop, and nothing else. */
function withNewForm(): string {
  const folder = mkdtempSync(join(tmpdir(), 'motlan-kinds-'));
  folders.push(folder);
  const schema = JSON.parse(readFileSync(join(PLACE.folder, 'records/marriage.schema.json'), 'utf8')) as JsonObject & {
    readonly properties: JsonObject;
  };
  const stall = { type: 'object', properties: { owner: { type: 'string', maxLength: 100 } }, required: ['owner'] };
  const properties = { ...schema.properties, form: { type: 'string', enum: ['stall-permit@1'] }, data: stall };
  mkdirSync(join(folder, 'one-stop/records'), { recursive: true });
  writeFileSync(join(folder, 'one-stop/records/stall-permit.schema.json'), JSON.stringify({ ...schema, properties }));
  return folder;
}

const permit = async (n: number): Promise<JsonObject> => ({
  ...(await sample(n)),
  form: 'stall-permit@1',
  procedure: '9.000001',
  data: { owner: 'Trần Thị Ví Dụ' },
});

async function inside(
  overrides: string | null,
  work: (system: System, simulator: Awaited<ReturnType<typeof startOneStop>>) => Promise<void>,
) {
  const simulator = await startOneStop({ folder: null, clock: realClock, overrides });
  const ports = { clock: realClock, chance: realChance(realClock), overrides };
  const system = await openSystem(await loadAdapter(['adapters'], 'one-stop'), simulator.config, ports);
  await work(system, simulator);
  await system.close();
  await simulator.close();
}

describe('the record kinds of the one-stop', () => {
  test('are the schemas of its records folder, no more and no fewer', async () => {
    await inside(null, async (system) => expect(Object.keys(system.kinds)).toEqual(shipped.recordKinds()));
  });

  test('grow by a schema in the override directory, and a dossier of the new form goes both ways', async () => {
    await inside(withNewForm(), async (system, simulator) => {
      expect(Object.keys(system.kinds)).toEqual([...shipped.recordKinds(), 'stall-permit'].sort());
      const kind = system.kinds['stall-permit'];
      await kind?.create?.run({ key: 'khoa-moi', record: await permit(1), files: [] }, call());
      const typed = simulator.typeByHand('stall-permit', await permit(2));
      const listed = await kind?.list?.run(null, call());
      expect(listed?.items.map(({ id }) => id)).toEqual([(await permit(1)).code, typed]);
      const changed = await kind?.changes?.run(null, call());
      expect(changed?.touches.map((touch) => [touch.kind, touch.sighting?.record.data])).toEqual([
        ['stall-permit', { owner: 'Trần Thị Ví Dụ' }],
        ['stall-permit', { owner: 'Trần Thị Ví Dụ' }],
      ]);
      expect((await system.kinds.birth?.list?.run(null, call()))?.items).toEqual([]);
    });
  });

  test.each(shipped.recordKinds())('%s holds one form, and that form travels by a mapping of its own', (kind) => {
    const schema = shipped.recordSchema(kind);
    const [form, ...others] = (schema.properties as { form?: { enum?: readonly string[] } }).form?.enum ?? [];
    expect([form?.split('@')[0], others]).toEqual([kind, []]);
    expect(checkRecord(schema, {}).map(({ code }) => code)).toContain('schema.required');
    const mapping = book.mappings.find(({ id }) => id === `one-stop.${kind}`);
    expect(mapping?.form).toBe(form);
  });
});
