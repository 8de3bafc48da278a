import { parseDocument } from '../../src/intake/document.ts';
import { loadForms } from '../../src/intake/forms.ts';
import type { RecordKind, System } from '../../src/kit/index.ts';
import type { JsonObject } from '../../src/model/json.ts';
import type { Clock } from '../../src/model/ports.ts';
import { openStore } from '../../src/store/index.ts';
import type { EnginePorts, SheetShown, Spoke } from '../../src/sync/contract.ts';
import { createEngine, STATIONS } from '../../src/sync/index.ts';
import { book } from '../mappings/book.ts';
import { MAPPINGS } from '../mappings/given.ts';

/** The real engine, store and shipped mappings around one ministry's system, with an official who types. */

export const START = Date.parse('2026-11-05T02:00:00Z');
const POLL_MS = 60_000;

export interface DeskClock extends Clock {
  advance(ms: number): void;
}
export function deskClock(): DeskClock {
  let now = START;
  const advance = (ms: number) => {
    now += ms;
  };
  return { now: () => now, sleep: async (ms) => advance(ms), advance };
}

const limits: EnginePorts['limits'] = {
  ...{ leaseMs: 60_000, backOffFirstMs: 1_000, backOffMostMs: 60_000, freshMs: 5_000, mostInwardChanges: 60 },
  ...{ ringHits: 3, ringWindowMs: 60_000, mostFileBytes: 1_000_000 },
};

const spokeOf = (name: string, role: Spoke['role'], kinds: Spoke['kinds']): Spoke => ({
  ...{ name, role, kinds, title: { vi: name, en: name }, pollMs: POLL_MS, pollsBeforeAsking: 1_000, batch: 10, concurrent: 1 },
  ...{ dailyCap: null, cutOffAt: null, mode: () => 'auto' as const, visibleWithinMs: 30 * POLL_MS },
});

/** A one-stop that takes whatever it is told. */
const oneStopKind = (name: string): RecordKind => ({
  ...{ name, schema: {}, normalises: {}, readLagMs: 0, ordered: false },
  update: {
    ...{ phases: [], style: 'patch', ifMatch: false, landsWithinMs: 0 },
    run: async ({ id }) => ({ is: 'done', id, version: null, sequence: null }),
  },
});

export async function openDesk(name: string, system: System, clock: DeskClock) {
  const counter = { next: 0 };
  const id = (): string => {
    counter.next += 1;
    return `id-${String(counter.next).padStart(6, '0')}`;
  };
  const chance = { random: () => 0.5, id };
  const keys = { current: 1, keys: new Map([[1, new Uint8Array(32).fill(7)]]) };
  const store = await openStore({ engine: { kind: 'sqlite', file: ':memory:' }, keys, chance, clock });
  const forms = await loadForms(`${MAPPINGS}/forms`);
  const mappings = book.mappings.filter((each) => each.system === name || each.system === 'one-stop');
  const names = mappings.filter((each) => each.system === 'one-stop').map(({ record }) => record);
  const engine = createEngine(
    {
      ...{ store, clock, chance, limits, mappings },
      spokes: new Map([
        ['one-stop', spokeOf('one-stop', 'one-stop', Object.fromEntries(names.map((kind) => [kind, oneStopKind(kind)])))],
        [name, spokeOf(name, 'ministry', system.kinds)],
      ]),
      status: () => ({ is: 'none' }),
      procedure: () => ({ is: 'valid' }),
      admit: (document) => document,
      tell: () => undefined,
    },
    STATIONS,
  );
  const rest = async (): Promise<void> => {
    for (let round = 0; round < 60; round += 1) if ((await engine.visitDue(name)) + (await engine.visitDue('one-stop')) === 0) return;
    throw new Error('the desk does not come to rest');
  };
  const sheets = () => store.read((tx) => tx.attempts.sheets(null, 100));
  const waiting = async () => {
    const [sheet, ...more] = await sheets();
    if (sheet === undefined || more.length > 0) throw new Error(`${more.length + (sheet === undefined ? 0 : 1)} sheets wait`);
    return sheet;
  };
  const opened = async (): Promise<SheetShown> => {
    const sheet = await waiting();
    return engine.sheets.open({ sheet: sheet.id, by: 'can-bo', purpose: 'type-in', revision: sheet.sends, again: false });
  };
  return {
    /** What a careful official types: the record on the sheet. */
    record: async (): Promise<JsonObject> => (await waiting()).sent.record,
    push: async (code: string, procedure: string, form: string, data: JsonObject): Promise<void> => {
      const applicant = { kind: 'citizen', fullName: 'Nguyễn Văn Mẫu' };
      const head = { code, procedure, agency: 'H12.31', status: 2, revision: 1, receivedAt: new Date(START).toISOString() };
      const parsed = parseDocument({ ...head, applicant, form, data }, forms);
      if (!parsed.ok) throw new Error(`the dossier is refused: ${parsed.issues.map(({ path }) => path).join(', ')}`);
      await engine.intake(parsed.document);
      await rest();
    },
    /** Opens the sheet and types its number; gives the screens as they were shown. */
    numberBack: async (number: string | null): Promise<SheetShown['screens']> => {
      const shown = await opened();
      const typed = shown.screens.flatMap(({ fields }) => fields.flatMap((field) => (field.is === 'asked' ? [field.key] : [])));
      await engine.sheets.type({ sheet: shown.id, by: 'can-bo', revision: shown.revision, number, typed });
      await rest();
      return shown.screens;
    },
    /** Answers the one question there is with this value. */
    choose: async (code: string, value: string): Promise<void> => {
      const [hold, ...more] = await store.read((tx) => tx.holds.page({ code, open: true }, null, 10));
      if (hold === undefined || more.length > 0) throw new Error('one question was due');
      await engine.decide({ hold: hold.id, name: 'value', value, by: 'can-bo' });
      await rest();
    },
    /** Decides the one question there is. */
    answer: async (code: string, name: 'ours' | 'theirs'): Promise<void> => {
      const [hold, ...more] = await store.read((tx) => tx.holds.page({ code, open: true }, null, 10));
      if (hold === undefined || more.length > 0) throw new Error('one question was due');
      await engine.decide({ hold: hold.id, name, value: null, by: 'can-bo' });
      await rest();
    },
    /** Says at one of the questions that another number is the right one. */
    renumber: async (code: string, number: string): Promise<void> => {
      const [hold] = await store.read((tx) => tx.holds.page({ code, open: true }, null, 10));
      if (hold === undefined) throw new Error('a question was due');
      await engine.decide({ hold: hold.id, name: 'typed', value: number, by: 'can-bo' });
      await rest();
    },
    later: async (ms: number): Promise<void> => {
      clock.advance(ms);
      await rest();
    },
    seen: (code: string) =>
      store.read(async (tx) => {
        const [leg] = (await tx.links.ofDossiers([code])).filter((link) => link.system === name);
        const dossier = (await tx.dossiers.load([code])).get(code);
        if (leg === undefined || dossier === undefined) throw new RangeError('the dossier has no leg there');
        return { leg, body: dossier.body, holds: await tx.holds.page({ code, open: true }, null, 100) };
      }),
    close: () => store.close(),
  };
}
