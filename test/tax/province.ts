import { bodyOf, CALLBACK_KEY, headersOf } from '../../adapters/tax/simulator/messages.ts';
import { admissionOf, procedureRule, readCatalogue, statusRule } from '../../src/assemble/rules.ts';
import { parseDocument } from '../../src/intake/document.ts';
import { loadForms } from '../../src/intake/forms.ts';
import type { JsonObject, Simulator, System } from '../../src/kit/index.ts';
import { loadAdapter, openSystem } from '../../src/kit/load.ts';
import type { Clock } from '../../src/model/ports.ts';
import { openStore } from '../../src/store/index.ts';
import type { EngineLimits, Spoke } from '../../src/sync/contract.ts';
import { createEngine } from '../../src/sync/index.ts';
import { book } from '../mappings/book.ts';

/** One province in one process: the real engine, store and mappings, the one-stop and the tax office in miniature over loopback. */

const SYSTEMS = ['one-stop', 'tax'] as const;
const POLL_MS = 60_000;
const LIMITS: EngineLimits = {
  leaseMs: 60_000,
  backOffFirstMs: 1_000,
  backOffMostMs: 60_000,
  freshMs: 5_000,
  mostInwardChanges: 30,
  ringHits: 3,
  ringWindowMs: 60_000,
  mostFileBytes: 1_000_000,
};
const forms = await loadForms('mappings/forms');
const catalogue = await readCatalogue('mappings');

/** A dossier as the one-stop holds and pushes it. */
export const dossier = (code: string, form: string, procedure: string, data: JsonObject): JsonObject => ({
  ...{ code, procedure, agency: 'H12.31', status: 2, receivedAt: '2026-11-20T01:00:00.000Z', revision: 1 },
  ...{ applicant: { kind: 'citizen', fullName: 'Trần Thị Ví Dụ' }, form, files: [], data },
});

function atThe(start: number): { readonly clock: Clock; readonly pass: (ms: number) => void } {
  let now = start;
  const pass = (ms: number) => {
    now += ms;
  };
  return { clock: { now: () => now, sleep: async (ms) => pass(ms) }, pass };
}

export async function openTaxProvince() {
  const { clock, pass } = atThe(Date.parse('2026-11-24T01:30:00Z'));
  let ids = 0;
  const chance = { random: () => 0.5, id: () => `id-${String(++ids).padStart(6, '0')}` };
  const opened = new Map<string, { readonly simulator: Simulator; readonly system: System }>();
  for (const name of SYSTEMS) {
    const loaded = await loadAdapter(['adapters'], name);
    if (loaded.start === null) throw new Error(`the adapter ${name} has no simulator`);
    const simulator = await loaded.start({ folder: null, clock });
    opened.set(name, { simulator, system: await openSystem(loaded, simulator.config, { clock, chance }) });
  }
  const the = (name: (typeof SYSTEMS)[number]) => {
    const found = opened.get(name);
    if (found === undefined) throw new RangeError(name);
    return found;
  };
  const spokeOf = (name: (typeof SYSTEMS)[number]): Spoke => ({
    ...{ name, kinds: the(name).system.kinds, title: { vi: name, en: name }, role: name === 'one-stop' ? 'one-stop' : 'ministry' },
    ...{ pollMs: POLL_MS, pollsBeforeAsking: 1_000, batch: 10, concurrent: 1, dailyCap: null, cutOffAt: null, mode: () => 'auto' as const },
  });
  const keys = { current: 1, keys: new Map([[1, new Uint8Array(32).fill(7)]]) };
  const store = await openStore({ engine: { kind: 'sqlite', file: ':memory:' }, keys, chance, clock });
  if (book.status === null) throw new Error('no status rules');
  const engine = createEngine({
    ...{ store, clock, chance, limits: LIMITS, tell: () => undefined, spokes: new Map(SYSTEMS.map((name) => [name, spokeOf(name)])) },
    mappings: book.mappings.filter(({ system }) => (SYSTEMS as readonly string[]).includes(system)),
    ...{ status: statusRule(book.status), procedure: procedureRule(catalogue), admit: admissionOf(forms) },
  });
  const rest = async (): Promise<void> => {
    for (let round = 0; round < 300; round += 1) {
      await engine.pollChanges('one-stop');
      if ((await engine.visitDue('tax')) + (await engine.visitDue('one-stop')) === 0) return;
    }
    throw new Error('the province does not come to rest');
  };
  let nonces = 0;
  return {
    tax: the('tax').simulator,
    oneStop: the('one-stop').simulator,
    /** An official types the dossier in the one-stop, which pushes it to motlan. */
    typed: async (document: JsonObject) => {
      const kind = String(document.form).split('@')[0] ?? '';
      const { revision: _theirs, ...record } = document;
      the('one-stop').simulator.typeByHand(kind, record);
      const parsed = parseDocument(document, forms);
      if (!parsed.ok) throw new RangeError(JSON.stringify(parsed.issues));
      await engine.intake(parsed.document);
    },
    later: async (ms = POLL_MS * 4) => {
      pass(ms);
      await rest();
    },
    /** A message that says what the record says, signed `ageMs` ago. */
    heard: (record: JsonObject, { ageMs = 0, nonce = `nonce-${String(++nonces).padStart(6, '0')}` } = {}) => {
      const body = bodyOf(record);
      const at = clock.now() - ageMs;
      const headers = headersOf(CALLBACK_KEY, at, nonce, body);
      return engine.hear('tax', 'land-notice', { method: 'POST', path: '/callbacks/tax', headers, body, receivedAt: clock.now() });
    },
    rows: (code: string) =>
      store.read(async (tx) => ({
        dossier: (await tx.dossiers.load([code])).get(code),
        legs: new Map((await tx.links.ofDossiers([code])).map((link) => [`${link.system}.${link.record}`, link])),
        progress: await tx.progress.ofDossiers([code]),
        holds: (await tx.holds.page({ code, open: true }, null, 100)).map(({ kind }) => kind),
      })),
    atOneStop: (kind: string, code: string) =>
      the('one-stop')
        .simulator.records(kind)
        .find(({ id }) => id === code)?.record ?? {},
    close: async () => {
      await store.close();
      for (const { system, simulator } of opened.values()) {
        await system.close();
        await simulator.close();
      }
    },
  };
}
export type TaxProvince = Awaited<ReturnType<typeof openTaxProvince>>;
