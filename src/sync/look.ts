import type { Sighting, TroubleDetail } from '../kit/index.ts';
import type { At } from '../model/json.ts';

/** What one visit saw of its record. "Not in the answer" and "not there" are different things. */
export type Look =
  | { readonly is: 'seen'; readonly sighting: Sighting; readonly by: 'id' | 'key' | 'find' | 'pushed' }
  | { readonly is: 'several'; readonly sightings: readonly Sighting[] }
  | { readonly is: 'not-there' }
  /** Asked, and this one was left out of the answer. */
  | { readonly is: 'unanswered' }
  /** There is no way to look, or nothing yet to look for. */
  | { readonly is: 'not-looked' }
  /** A read now could still show the state before our last write. */
  | { readonly is: 'too-early'; readonly until: At }
  | { readonly is: 'trouble'; readonly trouble: TroubleDetail };
