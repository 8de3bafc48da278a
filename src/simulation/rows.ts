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
  readonly brokenChains: readonly { readonly code: string; readonly seq: number }[];
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
    const { broken } = await tx.audit.verify(null);
    return { dossiers, links, bases, attempts, holds, progress, audit, brokenChains: broken };
  });

const byText = (a: unknown, b: unknown): number => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
const sorted = (of: ReadonlyMap<string, unknown>): readonly unknown[] => [...of].toSorted(byText);

/** The rows as text, without clocks and counts of looks: two equal texts mean that nothing happened in between. */
export const fingerprint = (rows: Rows): string =>
  JSON.stringify({
    dossiers: sorted(rows.dossiers).map((entry) => JSON.stringify(entry).replaceAll(/"updatedAt":\d+/g, '')),
    links: rows.links.map(({ updatedAt: _, polls: __, since: ___, ...link }) => link),
    bases: [...rows.bases.values()].map((base) => [base.link, base.provisional, sorted(base.lines), sorted(base.ring)]).toSorted(byText),
    attempts: rows.attempts.map((attempt) => [attempt.id, attempt.state, attempt.sends]),
    holds: rows.holds.map((hold) => [hold.id, hold.kind, hold.path, hold.closedAt === null, hold.applied]),
    progress: rows.progress.map((entry) => [entry.code, entry.seq, entry.kind, entry.name]),
    audit: rows.audit.length,
  });
