/** Groups entries by dossier, each group in its own order; groups in code order, so that nodes lock chains in the same order. */
export function byDossier<T extends { readonly code: string }>(entries: readonly T[]): readonly (readonly [string, readonly T[]])[] {
  const groups = new Map<string, T[]>();
  for (const entry of entries) {
    const group = groups.get(entry.code);
    if (group === undefined) groups.set(entry.code, [entry]);
    else group.push(entry);
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1));
}
