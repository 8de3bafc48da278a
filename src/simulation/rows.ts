import type { Attempt, AuditEntry, Base, Dossier, Hold, Link, ProgressEntry, Store } from '../store/contract.ts';

/** Everything the store holds about the simulated dossiers, read once the engine rests. */
export interface Rows {
  readonly dossiers: ReadonlyMap<string, Dossier>;
  readonly links: readonly Link[];
  readonly bases: ReadonlyMap<string, Base>;
  readonly attempts: readonly Attempt[];
  /** Open and closed. */
  readonly holds: readonly Hold[];
  readonly progress: readonly ProgressEntry[];
  readonly audit: readonly AuditEntry[];
}

const MOST_HOLDS = 500;

export const readRows = (store: Store, codes: readonly string[]): Promise<Rows> =>
  store.read(async (tx) => {
    const dossiers = await tx.dossiers.load(codes);
    const known = codes.filter((code) => dossiers.has(code));
    const links = await tx.links.ofDossiers(known);
    const bases = await tx.bases.load(links.map((link) => link.id));
    const attempts: Attempt[] = [];
    const holds: Hold[] = [];
    const audit: AuditEntry[] = [];
    for (const code of known) {
      attempts.push(...(await tx.attempts.ofDossier(code)));
      holds.push(...(await tx.holds.page({ code }, null, MOST_HOLDS)));
      audit.push(...(await tx.audit.ofDossier(code)));
    }
    const progress = await tx.progress.ofDossiers(known);
    return { dossiers, links, bases, attempts, holds, progress, audit };
  });

const text = (of: unknown): string => JSON.stringify(of, (_name, held) => (held instanceof Map ? [...held].toSorted() : held)) ?? '';

/** Clocks of a link, and marks of how far it has looked: they may move when nothing happened. */
const MARKS = ['updatedAt', 'since', 'settledHubVersion', 'actSeq', 'stepSeq'];

type RowText = Readonly<Record<string, string>>;

const textOf = (row: object, without: readonly string[]): RowText =>
  Object.fromEntries(
    Object.entries(row)
      .filter(([name]) => !without.includes(name))
      .map(([name, held]) => [name, text(held)]),
  );

/** The rows as text, field by field, without clocks and counts of looks. */
export const fingerprint = (rows: Rows): ReadonlyMap<string, RowText> => {
  const prints = new Map<string, RowText>();
  for (const [code, dossier] of rows.dossiers) prints.set(`dossier ${code}`, textOf(dossier, ['updatedAt']));
  for (const link of rows.links) prints.set(`link ${link.id}`, textOf(link, MARKS));
  for (const base of rows.bases.values()) prints.set(`base ${base.link}`, textOf(base, ['snapshot']));
  for (const attempt of rows.attempts) prints.set(`${attempt.verb} attempt at ${attempt.link} ${attempt.id}`, textOf(attempt, []));
  for (const hold of rows.holds) prints.set(`${hold.kind} hold at ${hold.link} ${hold.id}`, textOf(hold, []));
  for (const entry of rows.progress) prints.set(`progress ${entry.code} ${entry.seq}`, textOf(entry, []));
  for (const entry of rows.audit) prints.set(`audit ${entry.code} ${entry.seq} ${entry.action}`, textOf(entry, []));
  return prints;
};

/** Names the rows and fields that differ; never a value. */
export const changedRows = (before: ReadonlyMap<string, RowText>, after: ReadonlyMap<string, RowText>): readonly string[] =>
  [...after].flatMap(([name, row]) => {
    const old = before.get(name);
    if (old === undefined) return [`${name} (new)`];
    const fields = Object.keys(row).filter((field) => row[field] !== old[field]);
    return fields.length === 0 ? [] : [`${name} (${fields.join(', ')})`];
  });
