import { setTimeout as wait } from 'node:timers/promises';
import type { Invented } from './dossiers.ts';
import type { Facts } from './judge.ts';
import type { Motlan } from './motlan.ts';
import { type Counter, clerksWork, KINDS, type Operator, openOperator } from './people.ts';
import type { HeldRecord, Province } from './province.ts';

/** After the chaos: no fault, clerks finish everything, until nothing changes any more; then what stands where. */

export interface Scene {
  readonly province: Province;
  readonly motlan: Motlan;
  readonly counter: Counter;
  readonly dossiers: readonly Invented[];
  readonly random: () => number;
}

export interface Calm {
  readonly facts: Pick<Facts, 'dossiers' | 'records' | 'received' | 'reported' | 'held' | 'unsettled'>;
  readonly holds: Readonly<Record<string, number>>;
  readonly tookMs: number;
}

const EVERY_MS = 1_000;
const STILL_MS = 4_000;
const MOST_MS = 180_000;
const REPORTS = new Set(['twins', 'unsure']);

export async function calmDown(scene: Scene): Promise<Calm> {
  const { province, counter, motlan } = scene;
  const operator = openOperator(motlan);
  const startedAt = performance.now();
  let before = '';
  let changedAt = startedAt;
  while (performance.now() - startedAt < MOST_MS) {
    await operator.clearUp(province);
    const worked = await clerksWork(province.ministry, 1_000, scene.random);
    const now = await standing(province, operator);
    if (worked > 0 || counter.waiting() > 0 || now !== before) changedAt = performance.now();
    before = now;
    if (performance.now() - changedAt > STILL_MS) break;
    await wait(EVERY_MS);
  }
  return { ...(await factsOf(scene, operator)), tookMs: Math.round(performance.now() - startedAt) };
}

const recordsOf = async (outside: Province['ministry']): Promise<readonly HeldRecord[]> =>
  (await Promise.all(KINDS.map((kind) => outside.records(kind)))).flat();

/** Everything that would still move if anything did. */
async function standing(province: Province, operator: Operator): Promise<string> {
  return JSON.stringify([
    (await province.ministry.received()).length,
    (await province.oneStop.received()).length,
    await recordsOf(province.oneStop),
    (await operator.holds()).map(({ id }) => id),
  ]);
}

const fold = (text: string): string => text.normalize('NFC').toLocaleLowerCase('vi').replace(/\s+/gu, ' ').trim();
const naturalText = (fields: Readonly<Record<string, unknown>>, names: readonly string[]): string =>
  names.map((name) => fold(String(fields[name] ?? ''))).join('|');

/** What makes one person one record, by kind, in the ministry's words. */
const NATURAL = {
  birth: ['nksHoTen', 'nksNgaySinh', 'noiDangKy'],
  death: ['nktHoTen', 'nktNgayChet', 'noiDangKy'],
  marriage: ['voHoTen', 'chongHoTen', 'noiDangKy'],
};

async function factsOf({ province, counter, dossiers }: Scene, operator: Operator): Promise<Pick<Calm, 'facts' | 'holds'>> {
  const holds = await operator.holds();
  const held = new Set(holds.map(({ code }) => code));
  const records = await Promise.all(
    KINDS.map(async (kind) =>
      (await province.ministry.records(kind)).map(({ key, record }) => ({ key, record, natural: naturalText(record, NATURAL[kind]) })),
    ),
  );
  const results = new Map(records.flat().map(({ natural, record }) => [natural, record.ketQuaXuLy]));
  const shown = new Map((await recordsOf(province.oneStop)).map(({ id, record }) => [id, record]));
  const unsettled: string[] = [];
  for (const { code, kind, natural } of dossiers.filter((one) => counter.acknowledged.has(one.code))) {
    if (held.has(code)) continue;
    const seen = await operator.dossier(code);
    const leg = seen.legs.find(({ system }) => system === 'civil-status');
    const number = numberAt(results.get(naturalText(natural, NATURAL[kind])));
    const told = numberAtOneStop(shown.get(code));
    if (leg?.phase !== 'issued' || leg.trust !== 'verified' || number === null || told !== number)
      unsettled.push(
        `${code} (${leg?.situation}/${leg?.phase}/${leg?.trust}, status ${seen.status}, number ${told === number ? 'equal' : 'differs'})`,
      );
  }
  const byKind: Record<string, number> = {};
  for (const { kind } of holds) byKind[kind] = (byKind[kind] ?? 0) + 1;
  return {
    holds: byKind,
    facts: {
      dossiers: dossiers.map(({ code, kind, natural, typed, linked }) => ({
        code,
        typed,
        linked,
        natural: naturalText(natural, NATURAL[kind]),
      })),
      records: records.flat().map(({ key, natural }) => ({ key, natural })),
      received: await province.ministry.received(),
      reported: new Set(holds.filter(({ kind }) => REPORTS.has(kind)).map(({ code }) => code)),
      held,
      unsettled,
    },
  };
}

const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
const textOr = (value: unknown): string | null => (typeof value === 'string' ? value : null);

const numberAt = (result: unknown): string | null => textOr(fieldOf(result, 'soDangKy'));
const numberAtOneStop = (record: unknown): string | null => textOr(fieldOf(fieldOf(fieldOf(record, 'results'), 'civil-status'), 'number'));
