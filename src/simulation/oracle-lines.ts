import type { Phase } from '../model/words.ts';
import type { Attempt, Hold, Link } from '../store/contract.ts';
import { fromAsked } from '../sync/plan.ts';
import type { Edit } from './history.ts';
import { LINES, linesOf, type Ministry, type SimLine, type SimPath } from './lines.ts';
import {
  agree,
  type Evidence,
  hubEdit,
  hubValue,
  isHeld,
  isMinistry,
  namesPath,
  recordOf,
  recordValue,
  risksTold,
  sharedPaths,
  type Unavoidable,
  type Violation,
  wasRestored,
} from './verdict.ts';
import { editShown, now, recordsOf, stageOf, type WorldRecord } from './world.ts';

const UPDATABLE: readonly (Phase | null)[] = ['sent', 'accepted', 'assigned', 'supplement'];
const FINAL: readonly (Phase | null)[] = ['handed-over', 'refused', 'withdrawn', 'stopped'];

/** Every mapped line is equal on both sides, or a hold names it. */
export const notConverged = (evidence: Evidence): Violation[] =>
  evidence.rows.links.flatMap((link) => {
    const record = recordOf(evidence.world, link);
    if (record === null) return stuckLeg(evidence, link);
    return linesOf(record.system).flatMap((line) => differing(evidence, link, line, record));
  });

const differing = (evidence: Evidence, link: Link, line: SimLine, record: WorldRecord): Violation[] => {
  const { rows } = evidence;
  const theirs = recordValue(line, record);
  const ours = hubValue(rows, link.code, line.path);
  if (line.owner === 'start' || agree(ours, theirs) || isHeld(rows, link.code, link, line.path)) return [];
  if (isMinistry(record.system) && isExcused(evidence, record.system, line, record)) return [];
  const how = `${line.owner} line ${record.system}.${line.field} differs from the hub and no hold names it (link ${link.situation}, ${link.phase})`;
  return [{ rule: 'not-converged', code: link.code, what: how }];
};

/** Differences no engine can see or may mend: on an ended file, or where the system does not state the field. */
const isExcused = (evidence: Evidence, system: Ministry, line: SimLine, record: WorldRecord): boolean => {
  const phase = stageOf(system, now(record).record);
  // A backup put older values back where only the stage can be seen.
  if (evidence.world.capability[system].partialUntilIssued && UPDATABLE.includes(phase) && wasRestored(evidence.world, system, record.id))
    return true;
  // Where we have nothing to say they may keep what they hold.
  if (line.owner === 'give' && hubValue(evidence.rows, record.code, line.path) === null) return true;
  // Typed by hand without it and past the time of changes: it was never there to be kept equal.
  if (record.madeBy === 'hand' && line.owner === 'give' && !UPDATABLE.includes(phase) && recordValue(line, record) === null) return true;
  if (line.owner === 'give' || line.owner === 'share') {
    if (FINAL.includes(phase)) return true;
    const edit = editShown(evidence.world, line, record.code, now(record).record);
    const isTheirs = edit !== null && edit.side === system;
    if (evidence.world.capability[system].partialUntilIssued && UPDATABLE.includes(phase)) return isTheirs;
    // After the result nothing is taken any more: a clerk's change of our line is theirs to answer for.
    if (line.owner === 'give' && !UPDATABLE.includes(phase)) return isTheirs;
  }
  return false;
};

/** A leg that could be served and is not, without a word to anybody. */
const stuckLeg = (evidence: Evidence, link: Link): Violation[] => {
  const { world, rows } = evidence;
  if (!isMinistry(link.system)) return [];
  const isReady = link.system === 'registry' || hubValue(rows, link.code, 'results.registry.number') !== null;
  if (!isReady || link.impossible !== null || isHeld(rows, link.code, link, null)) return [];
  const made = recordsOf(world, link.system, link.code).length;
  return [
    {
      rule: 'not-converged',
      code: link.code,
      what: `leg ${link.system} is ${link.situation} with ${made} records there, and no hold says why`,
    },
  ];
};

/** Each person's edit is in the final state, was superseded by one who saw it, or is named by a hold. */
export const lostEdits = (evidence: Evidence): { readonly violations: Violation[]; readonly unavoidable: Unavoidable[] } => {
  const violations: Violation[] = [];
  const unavoidable: Unavoidable[] = [];
  for (const code of evidence.rows.dossiers.keys())
    for (const path of sharedPaths()) {
      if (isHeld(evidence.rows, code, null, path)) continue;
      const final = hubEdit(evidence, code, path);
      for (const edit of evidence.world.history.onPath(code, path)) {
        if (
          edit.why === 'drift' ||
          evidence.world.history.wasDropped(edit) ||
          (final !== null && evidence.world.history.knows(final, edit))
        )
          continue;
        const excuse = excuseOf(evidence, edit);
        if (excuse === 'unlinked' || excuse === 'unseen' || excuse === 'restored-away') continue;
        if (excuse === null && wentWithLater(evidence, edit)) continue;
        if (excuse === 'blind-overwrite' && isTold(evidence, edit)) unavoidable.push({ what: excuse, code, system: edit.side });
        else
          violations.push({
            rule: 'lost-edit',
            code,
            what: `${path}: edit ${edit.id} made at ${edit.side} (${edit.why}) is gone${excuse === null ? '' : ', and the risk was not told'}; the hub holds edit ${final?.id ?? 'none'}`,
          });
      }
    }
  return { violations, unavoidable };
};

/** Superseded by one who saw it; what became of that later edit is counted there. */
const wentWithLater = (evidence: Evidence, edit: Edit): boolean => {
  const { history } = evidence.world;
  return history
    .onPath(edit.code, edit.path)
    .some(
      (later) => later.id !== edit.id && history.knows(later, edit) && (history.wasDropped(later) || excuseOf(evidence, later) !== null),
    );
};

const excuseOf = (evidence: Evidence, edit: Edit): 'blind-overwrite' | 'restored-away' | 'unlinked' | 'unseen' | null => {
  const { world, rows } = evidence;
  if (world.history.overwrites.some((over) => over.edit === edit.id && !over.avoidable)) return 'blind-overwrite';
  if (isHiddenByRestore(evidence, edit)) return 'restored-away';
  if (!isMinistry(edit.side)) return null;
  const line = LINES.find((candidate) => candidate.system === edit.side && candidate.path === edit.path);
  const link = rows.links.find((candidate) => candidate.code === edit.code && candidate.system === edit.side);
  const record = link === undefined ? null : recordOf(world, link);
  if (line === undefined || record === null) return 'unlinked';
  const shows = (state: WorldRecord['states'][number]) => editShown(world, line, edit.code, state.record)?.id === edit.id;
  if (!record.states.some(shows)) return 'unlinked';
  if (wasRestored(world, edit.side, record.id) && !shows(now(record)) && !reachedOthers(evidence, edit)) return 'restored-away';
  const phase = stageOf(edit.side, now(record).record);
  if (FINAL.includes(phase) && isNoticed(evidence, edit, line.field)) return 'unseen';
  const isUnseen = world.capability[edit.side].partialUntilIssued && (UPDATABLE.includes(phase) || phase === 'refused');
  return isUnseen ? 'unseen' : null;
};

/**
 * It had reached a record which a backup then put back, and a person there edited the line again before anybody looked: the
 * newer value stands like one that was given in its sight.
 */
const isHiddenByRestore = (evidence: Evidence, edit: Edit): boolean => {
  const { world } = evidence;
  const final = hubEdit(evidence, edit.code, edit.path);
  const line = LINES.find((candidate) => candidate.system === final?.side && candidate.path === edit.path);
  if (final === null || line === undefined || !isMinistry(line.system)) return false;
  return recordsOf(world, line.system, edit.code).some((record) => {
    const restored = record.states.findLastIndex((state) => state.by === 'restore' && state.at <= final.at);
    const before = record.states.slice(0, Math.max(0, restored));
    return before.some((state) => editShown(world, line, edit.code, state.record)?.id === edit.id);
  });
};

/** Every write that may cover up what nobody could see names that risk in the audit. */
const isTold = (evidence: Evidence, edit: Edit): boolean =>
  evidence.world.history.overwrites.some(
    (over) => over.edit === edit.id && risksTold(evidence, edit.code, over.system, 'blind').some((at) => at <= over.at),
  );

/** The edit was carried on to another system before its own lost it: then it is ours to keep. */
const reachedOthers = (evidence: Evidence, edit: Edit): boolean =>
  LINES.some(
    (line) =>
      line.path === edit.path &&
      line.system !== edit.side &&
      recordsOf(evidence.world, line.system, edit.code).some((record) =>
        record.states.some((state) => state.by === 'engine' && editShown(evidence.world, line, edit.code, state.record)?.id === edit.id),
      ),
  );

/** An ended file is read-only: what differs there is written down, not carried. */
const isNoticed = (evidence: Evidence, edit: Edit, field: string): boolean =>
  evidence.rows.audit.some((entry) => {
    const { link, lines } = entry.detail;
    return entry.code === edit.code && link === `${edit.code}/${edit.side}/file` && Array.isArray(lines) && lines.includes(field);
  });

/** A conflict was asked about only where two people really changed the line apart from one another. */
export const spuriousConflicts = (evidence: Evidence): Violation[] =>
  evidence.rows.holds.flatMap((hold) => {
    if (hold.kind !== 'conflict') return [];
    const path = sharedPaths().find((candidate) => namesPath(hold, candidate));
    const link = evidence.rows.links.find((candidate) => candidate.id === hold.link);
    if (path === undefined || link === undefined)
      return [{ rule: 'spurious-conflict', code: hold.code, what: `conflict on ${hold.path}, which is not shared` }];
    return isJustified(evidence, link, path)
      ? []
      : [{ rule: 'spurious-conflict', code: hold.code, what: `conflict on ${link.system} ${path}, though only one side changed it` }];
  });

const isJustified = (evidence: Evidence, link: Link, path: SimPath): boolean => {
  const { world } = evidence;
  if (isMinistry(link.system) && wasRestored(world, link.system)) return true;
  if (broughtBackup(world, link.code, path)) return true;
  const files = isMinistry(link.system) ? recordsOf(world, link.system, link.code) : [];
  if (files.some((file) => file.madeBy === 'hand')) return true;
  const edits = world.history.onPath(link.code, path);
  if (wasCoveredUp(evidence, link, edits)) return true;
  // What a clerk typed by hand shows nobody what it was made in the sight of.
  if (edits.some((edit) => edit.why === 'hand-typed')) return true;
  if (isUntold(evidence, link, path, edits) || isChosenApart(evidence, link, path, edits)) return true;
  return edits.some((a) => edits.some((b) => a.side !== b.side && world.history.concurrent(a, b)));
};

/** A write that nothing could warn of put an earlier value back there: from then on that value stands like one a person gave. */
const wasCoveredUp = (evidence: Evidence, link: Link, edits: readonly Edit[]): boolean =>
  evidence.world.history.overwrites.some(
    (over) => !over.avoidable && over.system === link.system && edits.some((edit) => edit.id === over.edit),
  );

/** A person chose a value at motlan's own desk while another, who had not heard of it, edited there: two changes made apart. */
const isChosenApart = (evidence: Evidence, link: Link, path: SimPath, edits: readonly Edit[]): boolean =>
  evidence.rows.holds.some(
    (hold) =>
      hold.code === link.code &&
      hold.path !== null &&
      namesPath(hold, path) &&
      (hold.decision?.name === 'ours' || hold.decision?.name === 'theirs') &&
      edits.some((edit) => edit.side === link.system && (edit.at >= hold.openedAt || !wasShown(evidence, hold, path, edit))),
  );

/** The person who answered had the edit before their eyes, or one made in its sight. */
const wasShown = ({ world: { history } }: Evidence, hold: Hold, path: SimPath, edit: Edit): boolean =>
  [hold.detail.ours, hold.detail.theirs].some((asked) => {
    const shown = fromAsked(asked);
    const seen = shown?.is === 'value' ? history.of(hold.code, path, String(shown.value)) : null;
    return seen !== null && history.madeInSight(seen, edit);
  });

/** A restored record that counted on past what we had seen looks like an edit back: the hub may hold its old value. */
const broughtBackup = (world: Evidence['world'], code: string, path: SimPath): boolean =>
  LINES.some(
    (line) =>
      line.path === path &&
      line.owner === 'share' &&
      recordsOf(world, line.system, code).some((record) => wasRestored(world, line.system, record.id)),
  );

/** A refusal is a word of the system itself: such a write changed nothing there. */
const mayHaveLanded = ({ state, trouble }: Attempt): boolean =>
  !(state === 'failed' && trouble !== null && trouble.kind !== 'unsure' && trouble.kind !== 'unknown');

/**
 * Our write of the line lost its answer and somebody there changed the line before we could look: nobody but that person
 * can tell whether they had our value in sight, so asking is right.
 */
const isUntold = (evidence: Evidence, link: Link, path: SimPath, edits: readonly Edit[]): boolean => {
  const fields = LINES.filter((line) => line.system === link.system && line.path === path).map((line) => line.field);
  return evidence.rows.attempts.some(
    (attempt) =>
      attempt.link === link.id &&
      attempt.state !== 'done' &&
      mayHaveLanded(attempt) &&
      fields.some((field) => attempt.sent.lines.has(field)) &&
      edits.some((edit) => edit.side === link.system && edit.at >= attempt.intendedAt && edit.at <= (attempt.endedAt ?? edit.at)),
  );
};
