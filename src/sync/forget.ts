import type { Link, Tx } from '../store/contract.ts';

/** What was agreed with one record, and what it last stated, says nothing of another. */
export async function forgetRecord(tx: Tx, link: Link): Promise<void> {
  const base = (await tx.bases.load([link.id])).get(link.id);
  if (base !== undefined)
    await tx.bases.save(link.code, { ...base, lines: new Map(), ring: new Map(), snapshot: null, provisional: false });
  const stated = (await tx.statements.load([link.id])).get(link.id) ?? [];
  await tx.statements.drop(
    link.id,
    stated.map(({ seq }) => seq),
  );
}
