import { readSheet } from 'read-excel-file/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { problemShape } from '../../src/http/problems.ts';
import type { Simulator, System } from '../../src/kit/contract.ts';
import { loadAdapter, openSystem } from '../../src/kit/load.ts';
import { readBook } from '../../src/mapping/index.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { realChance, realClock } from '../../src/ports.ts';
import type { Spoke } from '../../src/sync/contract.ts';
import { createEngine } from '../../src/sync/index.ts';
import { document, type House, openHouse } from './given.ts';

/** A leg typed by hand from the counter to the equal record: the real API, engine and store, and a registry over its own socket that no program writes to. */

const MAPPING = `mapping: registry.item
for: { form: note@1, start: { status: [2] } }
needs: [child.fullName]
give:
  code: code | text(40) | key
  name: child.fullName | text(100)
take:
  results.registry.number: result
phase: { from: stage, map: { sent: sent, accepted: accepted, supplement: supplement, issued: issued, handed-over: handed-over, withdrawn: withdrawn } }
ignore: { theirs: { note: không dùng } }
`;
const ONE_STOP = `mapping: civil-status.note
for: { form: note@1 }
give: { code: code | key }
share: { name: child.fullName }
`;
const text = { type: ['string', 'null'] };
const FORM = { type: 'object', properties: { child: { type: 'object', properties: { fullName: { type: 'string', maxLength: 100 } } } } };

let house: House;
let simulator: Simulator;
let system: System;
let token = '';
const stopping = new AbortController();
let running: Promise<void> = Promise.resolve();

beforeAll(async () => {
  const loaded = await loadAdapter(['adapters'], 'memory');
  if (loaded.start === null) throw new Error('the memory adapter has no simulator');
  simulator = await loaded.start({ folder: null, clock: realClock });
  const chance = realChance(realClock);
  system = await openSystem(loaded, simulator.config, { clock: realClock, chance });
  const item = system.kinds.item;
  if (item?.read === undefined) throw new Error('the memory adapter reads items');
  const { name, schema, normalises, readLagMs, ordered, read } = item;
  const book = readBook(
    new Map([
      ['forms/note@1.schema.json', JSON.stringify(FORM)],
      ['forms/applicant.schema.json', JSON.stringify({ type: 'object', properties: {} })],
      ['registry/item.yaml', MAPPING],
      ['civil-status/note.yaml', ONE_STOP],
    ]),
    { recordSchema: (of) => (of === 'registry' ? schema : { type: 'object', properties: { code: text, name: text } }), lawRounds: 0 },
  );
  const errors = book.diagnostics.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new Error(JSON.stringify(errors));
  const spoke = (of: Pick<Spoke, 'name' | 'role' | 'kinds'>): Spoke => ({
    ...{ title: { vi: 'Sổ đăng ký', en: 'The registry' }, pollMs: 50, pollsBeforeAsking: 1000, batch: 10, concurrent: 2 },
    ...{ dailyCap: null, cutOffAt: null, mode: () => 'auto' as const, visibleWithinMs: 120_000 },
    ...of,
  });
  const kind = { name, schema, normalises, readLagMs, ordered };
  const update = { phases: [], style: 'patch', ifMatch: false, landsWithinMs: 0 } as const;
  const told = async ({ id }: { readonly id: string }) => ({ is: 'done', id, version: null, sequence: null }) as const;
  const spokes = [
    spoke({ name: 'registry', role: 'ministry', kinds: { item: { ...kind, read } } }),
    spoke({ name: 'civil-status', role: 'one-stop', kinds: { note: { ...kind, name: 'note', update: { ...update, run: told } } } }),
  ];
  house = await openHouse(
    {},
    {
      spokes,
      engine: (store) =>
        createEngine({
          ...{ store, clock: realClock, chance, mappings: book.mappings, spokes: new Map(spokes.map((one) => [one.name, one])) },
          limits: {
            ...{ leaseMs: 60_000, backOffFirstMs: 50, backOffMostMs: 200, freshMs: 0, mostInwardChanges: 20, ringHits: 5 },
            ...{ ringWindowMs: 1000, mostFileBytes: 1000 },
          },
          status: () => ({ is: 'none' }),
          procedure: () => ({ is: 'valid' }),
          admit: (given) => given,
          tell: () => undefined,
        }),
    },
  );
  token = await house.token();
  running = house.ports.engine.run(stopping.signal);
});
afterAll(async () => {
  stopping.abort();
  await running;
  await house.close();
  await system.close();
  await simulator.close();
});

const call = (path: string, body?: unknown, by = token): Promise<Response> =>
  house.call(`/api/v1${path}`, { token: by, ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }) });
const problem = async (answer: Response) => z.strictObject(problemShape.shape).parse(await answer.json());

async function until<T>(look: () => Promise<T>, fits: (seen: T) => boolean): Promise<T> {
  for (let n = 0; n < 600; n += 1) {
    const seen = await look();
    if (fits(seen)) return seen;
    await realClock.sleep(50);
  }
  throw new Error('it did not come to this');
}

interface Waiting {
  readonly id: string;
  readonly code: string;
  readonly state: string;
  readonly revision: number;
  readonly what: string;
}
const waitingFor = async (code: string): Promise<readonly Waiting[]> =>
  ((await (await call(`/sheets?code=${code}`)).json()) as { sheets: readonly Waiting[] }).sheets;

/** A pushed dossier whose sheet lies ready. */
async function sheetFor(code: string, fullName = 'Trần Văn Mẫu'): Promise<Waiting> {
  expect((await call('/dossiers', document(code, { data: { child: { fullName } } }))).status).toBe(202);
  const [sheet] = await until(
    () => waitingFor(code),
    (seen) => seen.length === 1,
  );
  if (sheet === undefined) throw new Error('no sheet');
  return sheet;
}
const opened = async (sheet: Waiting) => {
  const answer = await call(`/sheets/${sheet.id}/open`, { purpose: 'type-in', revision: sheet.revision });
  expect(answer.status).toBe(200);
  return (await answer.json()) as { revision: number; screens: { fields: { key: string; text: string }[] }[] };
};
const legOf = async (code: string) =>
  (
    (await (await call(`/dossiers/${code}`)).json()) as {
      legs: { trust: string | null; sentence: { vi: string }; holds: { kind: string; id: string }[] }[];
    }
  ).legs[0];

describe('a sheet over the API', () => {
  it('goes from the counter to the equal record: listed, opened, typed, its number given, read back, verified', async () => {
    const code = 'H12.15-261124-0201';
    const sheet = await sheetFor(code);
    expect(sheet).toMatchObject({ state: 'prepared', revision: 0, what: 'whole' });
    expect((await legOf(code))?.sentence.vi).toBe('Phiếu nhập liệu cho sổ đăng ký đã sẵn sàng; đang ở bàn cán bộ một cửa, chờ mở để nhập.');
    const shown = await opened(sheet);
    expect(shown.screens.flatMap(({ fields }) => fields.map(({ key, text: value }) => [key, value]))).toContainEqual([
      'name',
      'Trần Văn Mẫu',
    ]);
    expect((await legOf(code))?.sentence.vi).toMatch(/^Phiếu nhập liệu cho sổ đăng ký đã mở lúc \d\d:\d\d/);

    const number = simulator.typeByHand('item', { code, name: 'Trần Văn Mẫu' } satisfies JsonObject);
    const asked = shown.screens.flatMap(({ fields }) => fields.filter((field) => field.text === '').map(({ key }) => key));
    const closed = await call(`/sheets/${sheet.id}/number`, { revision: shown.revision, number, typed: asked });
    expect([closed.status, await closed.json()]).toEqual([200, { state: 'entered', link: `${code}/registry/item` }]);
    await until(
      () => legOf(code),
      (leg) => leg?.trust === 'verified',
    );
    expect(await waitingFor(code)).toEqual([]);
  });

  it('a number of a record that is not there yet is told as such, and verified once it is', async () => {
    const code = 'H12.15-261124-0202';
    const sheet = await sheetFor(code);
    const shown = await opened(sheet);
    const asked = shown.screens.flatMap(({ fields }) => fields.filter((field) => field.text === '').map(({ key }) => key));
    // The registry numbers its records one after the other: this is the next but one.
    const first = simulator.typeByHand('item', { code: 'khác-1', name: 'Người Khác' });
    const next = `M-${String(Number(first.slice(2)) + 1).padStart(8, '0')}`;
    expect((await call(`/sheets/${sheet.id}/number`, { revision: 1, number: next, typed: asked })).status).toBe(200);
    const leg = await until(
      () => legOf(code),
      (seen) => /chưa thấy ở bên đó/.test(seen?.sentence.vi ?? ''),
    );
    expect(leg?.trust).toBe('declared');
    expect(simulator.typeByHand('item', { code, name: 'Trần Văn Mẫu' })).toBe(next);
    await until(
      () => legOf(code),
      (seen) => seen?.trust === 'verified',
    );
  });

  it('a field typed otherwise becomes a hold that shows both sides, and the leg is not equal', async () => {
    const code = 'H12.15-261124-0203';
    const sheet = await sheetFor(code);
    const shown = await opened(sheet);
    const number = simulator.typeByHand('item', { code, name: 'Trần Văn Mẩu' });
    const asked = shown.screens.flatMap(({ fields }) => fields.filter((field) => field.text === '').map(({ key }) => key));
    await call(`/sheets/${sheet.id}/number`, { revision: 1, number, typed: asked });
    const leg = await until(
      () => legOf(code),
      (seen) => (seen?.holds.length ?? 0) > 0,
    );
    expect([leg?.trust, leg?.holds.map(({ kind }) => kind)]).toEqual(['declared', ['typed-differs']]);
    const hold = await (await call(`/holds/${leg?.holds[0]?.id}?include=personal`)).json();
    expect(hold).toMatchObject({ detail: { ours: { value: 'Trần Văn Mẫu' }, theirs: { value: 'Trần Văn Mẩu' } } });

    await call(`/holds/${leg?.holds[0]?.id}/decision`, { decision: 'ours' });
    const [supplement] = await until(
      () => waitingFor(code),
      (seen) => seen.length === 1,
    );
    expect(supplement).toMatchObject({ what: 'supplement' });
    await opened(supplement as Waiting);
    simulator.edit('item', number, { name: 'Trần Văn Mẫu' });
    await call(`/sheets/${supplement?.id}/number`, { revision: 1 });
    await until(
      () => legOf(code),
      (seen) => seen?.trust === 'verified',
    );
  });

  it('opened twice asks first; two officials cannot both close it', async () => {
    const code = 'H12.15-261124-0204';
    const sheet = await sheetFor(code);
    await opened(sheet);
    const second = await call(`/sheets/${sheet.id}/open`, { purpose: 'type-in', revision: 1 });
    const told = await problem(second);
    expect([second.status, told.code]).toEqual([409, 'sheet.opened']);
    expect(told.vi).toContain('chưa có số');
    expect((await call(`/sheets/${sheet.id}/open`, { purpose: 'type-in', revision: 1, again: true })).status).toBe(200);
    const late = await call(`/sheets/${sheet.id}/number`, { revision: 1, number: 'M-1' });
    expect((await problem(late)).code).toBe('sheet.moved');
    expect((await call(`/sheets/${sheet.id}/give-back`, { revision: 2 })).status).toBe(200);
    await until(
      () => waitingFor(code),
      ([fresh]) => fresh !== undefined && fresh.id !== sheet.id && fresh.state === 'prepared',
    );
  });
});

describe('looking at a sheet', () => {
  it('as a file and on paper gives the same values, safe in both, each look in the chain with its purpose', async () => {
    const code = 'H12.15-261124-0205';
    const name = '=Trần <b>"Văn" & Mẫu</b>';
    const sheet = await sheetFor(code, name);
    await opened(sheet);
    const file = await call(`/sheets/${sheet.id}/xlsx?purpose=type-in&revision=1`);
    expect(file.headers.get('content-type')).toContain('spreadsheetml');
    const rows = await readSheet(Buffer.from(await file.arrayBuffer()));
    expect(rows.flat()).toContain(name);

    const page = await call(`/sheets/${sheet.id}/print?purpose=check&revision=1`);
    const html = await page.text();
    expect(html).toContain('=Trần &lt;b&gt;&quot;Văn&quot; &amp; Mẫu&lt;/b&gt;');
    expect(html).not.toMatch(/<b>|<script|<img|<link|https?:|url\(/i);
    expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-[^']+'; base-uri 'none'/);
    expect([file, page].map((answer) => answer.headers.get('cache-control'))).toEqual(['no-store', 'no-store']);

    const { entries } = (await (await call(`/audit?code=${code}`)).json()) as { entries: { action: string; detail: JsonObject }[] };
    expect(entries.filter(({ action }) => action === 'look').map(({ detail }) => [detail.what, detail.purpose])).toEqual([
      ['sheet', 'type-in'],
      ['sheet-file', 'type-in'],
      ['sheet-print', 'check'],
    ]);
    expect(JSON.stringify(entries)).not.toContain('Trần');
    expect(house.logged.join('')).not.toContain('Trần');
  });

  it('needs an opening, a purpose, the right and the agency', async () => {
    const code = 'H12.15-261124-0206';
    const sheet = await sheetFor(code);
    const early = await problem(await call(`/sheets/${sheet.id}/xlsx?purpose=check&revision=0`));
    expect(early.code).toBe('sheet.not-open');
    expect((await call(`/sheets/${sheet.id}/open`, { revision: 0 })).status).toBe(400);
    expect((await call(`/sheets/${sheet.id}/open`, { revision: 0, purpose: 'tò mò' })).status).toBe(400);
    const reader = await house.token(['read', 'decide']);
    expect((await problem(await call(`/sheets/${sheet.id}/open`, { purpose: 'type-in', revision: 0 }, reader))).code).toBe('scope-missing');
    const elsewhere = await house.token(undefined, ['H12.99']);
    expect((await call(`/sheets/${sheet.id}/open`, { purpose: 'type-in', revision: 0 }, elsewhere)).status).toBe(404);
    expect(await (await call(`/sheets?code=${code}`, undefined, elsewhere)).json()).toEqual({ sheets: [], next: null });
    expect(await (await call(`/sheets?agency=H12.15&code=${code}`, undefined, reader)).json()).toMatchObject({
      sheets: [{ id: sheet.id }],
    });
    expect(await waitingFor(code)).toMatchObject([{ state: 'prepared', revision: 0 }]);
  });

  it('stands in the description of the API', async () => {
    const { paths } = (await (await house.call('/api/v1/openapi.json')).json()) as { paths: JsonObject };
    const sheets = Object.keys(paths).filter((path) => path.includes('/sheets'));
    expect(sheets.toSorted()).toEqual(
      ['', '/{id}', '/{id}/give-back', '/{id}/number', '/{id}/open', '/{id}/print', '/{id}/xlsx'].map((end) => `/api/v1/sheets${end}`),
    );
  });
});
