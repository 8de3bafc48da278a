import type { Built, Source } from './build.ts';
import { mappedTheirs, statedPaths } from './closed-world.ts';
import { leaves } from './fields.ts';
import { isWithin, schemaPath } from './paths.ts';

/** Where a mapping leaves a field of the record: carried, left out with a reason, or neither. */
export type Standing =
  | { readonly is: 'mapped' }
  | { readonly is: 'ignored'; readonly reason: string }
  | { readonly is: 'missing'; readonly why: 'not-in-record' | 'not-mapped' | 'no-reason' };

/** Standings of record paths (lists as `list[].field`), also of a mapping whose file has errors. */
export function standings(source: Source, built: Built): (path: string) => Standing {
  const all = leaves(source.record);
  const mapped = [...mappedTheirs(source, built), ...statedPaths(source, 'theirs')];
  const ignored = [...source.node.ignore.theirs, ...source.node.ignore.drop].map(({ path, reason }) => ({
    path: schemaPath(path),
    reason,
  }));
  const standing = (leaf: string): Standing => {
    if (mapped.some((path) => isWithin(leaf, path))) return { is: 'mapped' };
    const left = ignored.find(({ path }) => isWithin(leaf, path));
    if (left === undefined) return { is: 'missing', why: 'not-mapped' };
    return left.reason === '' ? { is: 'missing', why: 'no-reason' } : { is: 'ignored', reason: left.reason };
  };
  return (path) => {
    const found = all.filter((leaf) => isWithin(leaf, path)).map(standing);
    return (
      found.find(({ is }) => is === 'missing') ??
      found.find(({ is }) => is === 'mapped') ??
      found[0] ?? { is: 'missing', why: 'not-in-record' }
    );
  };
}
