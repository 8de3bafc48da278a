import type { Desk, HubSide } from './contract.ts';
import type { Crosswalk } from './crosswalk.ts';
import type { Path } from './paths.ts';
import { readPath } from './paths.ts';

/**
 * Which agency handles a leg: `desk: { of: [residence.address.ward, residence.address.wardVersion], in: desk.police }`. The
 * values at the paths, joined by `@`, are `ours` in the crosswalk; `theirs` is the agency's code and `label` its name.
 */
export const deskReader =
  (paths: readonly Path[], table: Crosswalk) =>
  (hub: HubSide): Desk | null => {
    const parts = paths.map((path) => readPath(hub.document, path));
    if (parts.some((part) => typeof part !== 'string' || part === '')) return null;
    const [found, another] = table.outward(parts.join('@'), hub.at);
    // A place that went to several agencies names none: it is shown as not known, never guessed.
    return found === undefined || another !== undefined ? null : { code: found.code, title: found.label };
  };
