import type { Json } from '../model/json.ts';
import type { Hold, Store } from '../store/contract.ts';
import type { Decision } from '../sync/contract.ts';
import { NotPossible } from '../sync/errors.ts';
import type { Stage } from './events.ts';
import type { Edit } from './history.ts';
import { fromField, isShared, LINES, type SimPath, type SimSystem } from './lines.ts';
import { namesPath } from './verdict.ts';
import { isThere, recordsOf, seenAt, type World } from './world.ts';

/** People who answer holds: honestly, by looking into the systems; some holds they leave open. */

/** Kinds nobody answers here: believing a restored backup is a decision with no right answer. */
const LEFT_OPEN: ReadonlySet<Hold['kind']> = new Set(['version-back', 'restored-backup', 'many-changes', 'emptied']);

const choose = (world: World, hold: Hold): Pick<Decision, 'name' | 'value'> | null => {
  if (LEFT_OPEN.has(hold.kind)) return null;
  const offers = (name: Decision['name']): boolean => hold.decisions.includes(name);
  const system = hold.link?.split('/')[1] as SimSystem | undefined;
  const there = system === undefined ? [] : recordsOf(world, system, hold.code).filter((record) => isThere(world, record));
  const first = hold.kind === 'no-result' ? there.find((record) => record.madeBy === 'hand') : there[0];
  if (first !== undefined && offers('link')) return { name: 'link', value: first.id };
  if (first !== undefined && offers('typed')) return { name: 'typed', value: first.id };
  if (hold.kind === 'unsure') return world.calm.on && offers('resend') ? { name: 'resend', value: null } : null;
  const plain = (['ours', 'theirs', 'confirm', 'retry'] as const).filter(offers);
  return plain.length === 0 ? null : { name: world.dice.pick(plain), value: null };
};

const asked = (value: Json | undefined): string | null =>
  typeof value === 'object' && value !== null && 'value' in value && typeof value.value === 'string' ? value.value : null;

/** Where the question does not say what stands there, the person opens the other system and looks. */
const lookedUp = (world: World, hold: Hold, path: SimPath): Edit | null => {
  const system = hold.link?.split('/')[1] as SimSystem | undefined;
  const record = system === undefined ? undefined : recordsOf(world, system, hold.code).find((one) => isThere(world, one));
  return record === undefined ? null : seenAt(world, record, path);
};

/** What the person had before them and chose between goes into the history. */
const remember = (world: World, hold: Hold, name: Decision['name']): void => {
  const path = LINES.map((line) => line.path).find((candidate: SimPath) => isShared(candidate) && namesPath(hold, candidate));
  const line = LINES.find((candidate) => candidate.path === path && candidate.system === hold.link?.split('/')[1]);
  if (path === undefined || line === undefined) return;
  const ours = asked(hold.detail.ours);
  const theirs = asked(hold.detail.theirs);
  const a = ours === null ? null : world.history.of(hold.code, path, fromField(line, ours));
  const b = theirs === null ? lookedUp(world, hold, path) : world.history.of(hold.code, path, fromField(line, theirs));
  const [winner, loser] = name === 'ours' ? [a, b] : name === 'theirs' ? [b, a] : [null, null];
  if (loser === null) return;
  if (winner === null) world.history.dropped(loser);
  else world.history.decided(winner, loser);
};

/** One person answers one open hold. */
export const decideOne = async (stage: Stage, store: Store): Promise<void> => {
  const { world, fleet, dice } = stage;
  const open = await world.scheduler.during(() => store.read((tx) => tx.holds.page({ open: true }, null, 50)));
  if (open.length === 0) return;
  const hold = dice.pick(open);
  const choice = choose(world, hold);
  if (choice === null) return;
  remember(world, hold, choice.name);
  await fleet.ask(4_000, (node) =>
    node.engine.decide({ hold: hold.id, by: 'official', ...choice }).catch((error: unknown) => {
      if (!(error instanceof NotPossible)) throw error;
    }),
  );
};
