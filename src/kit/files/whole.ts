import type { At } from '../../model/json.ts';
import type { Clock } from '../../model/ports.ts';
import type { PlacedFile } from './place.ts';

/** How a file shows that its writer is done with it. */
export type Wholeness =
  /** It is renamed into place when it is whole: whatever has a proper name is. */
  | { readonly by: 'rename' }
  /** An empty file `<name><suffix>` is put beside it. */
  | { readonly by: 'marker'; readonly suffix: string }
  /** Size and time stood still for `ms`, as seen by two looks of ours: the place's own clock is not trusted. */
  | { readonly by: 'quiet'; readonly ms: number };

/** Names of what is still being written, whatever the rule: `a.csv.part`, `~$a.xlsx`, `a.csv.filepart`. */
const UNFINISHED = /^[.~]|\.(?:part|partial|tmp|temp|filepart|crdownload|new|swp|bak)$|~$/iu;

interface Seen {
  readonly sizeBytes: number;
  readonly modifiedAt: number;
  readonly since: At;
}

/** Of the files of one look, those that are whole. */
export function openWholeness(
  whole: Wholeness,
  clock: Clock,
): (mine: readonly PlacedFile[], all: readonly PlacedFile[]) => readonly PlacedFile[] {
  let seen: ReadonlyMap<string, Seen> = new Map();
  return (mine, all) => {
    const named = mine.filter(({ name }) => !UNFINISHED.test(name));
    if (whole.by === 'rename') return named;
    if (whole.by === 'marker') {
      const names = new Set(all.map(({ name }) => name));
      return named.filter(({ name }) => !name.endsWith(whole.suffix) && names.has(`${name}${whole.suffix}`));
    }
    const now = clock.now();
    seen = new Map(
      named.map(({ name, sizeBytes, modifiedAt }) => {
        const before = seen.get(name);
        const isSame = before?.sizeBytes === sizeBytes && before.modifiedAt === modifiedAt;
        return [name, isSame && before !== undefined ? before : { sizeBytes, modifiedAt, since: now }];
      }),
    );
    return named.filter(({ name }) => now - (seen.get(name)?.since ?? now) >= whole.ms);
  };
}
