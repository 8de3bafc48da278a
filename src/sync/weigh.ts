import type { LineId, PhaseReading } from '../mapping/contract.ts';
import type { LineValue } from '../model/line-value.ts';
import { pollDue, sentText } from './after.ts';
import { answersOf, askedOf, confirmedOf, flipped, holdWishOfGuard, overtakenOf, shownOf, wishOf } from './answers.ts';
import { isOvertakenNow, isRewritten, isStuck, noteConfirmed, ringOf, withoutFillIns, withoutSighting } from './belief.ts';
import { type Choice, choose, type Write } from './choose.ts';
import type { Case, Context } from './context.ts';
import { deskDue, isNewSheet, layOut } from './desk.ts';
import { audit, type Draft } from './draft.ts';
import { afterOneStop, finish } from './ends.ts';
import { askAboutOpenLegs } from './follow-legs.ts';
import { wishOfLine } from './holds.ts';
import { hubSide } from './hub.ts';
import { attemptOf } from './intend.ts';
import { takeInward } from './inward.ts';
import { isHandOverBarred } from './legs.ts';
import { isLeftDifferent, withoutDoubtful } from './look-up.ts';
import { asAsked, type Plan } from './plan.ts';
import { correctingOf, type ReadBack, readBack } from './read-back.ts';
import { send } from './send.ts';
import { isTypedByHand, type Sheet, sheetOf, withoutUntyped } from './sheet.ts';
import { labelOf } from './sheet-view.ts';
import type { Seen } from './sighting.ts';
import { trustOf } from './trust.ts';

/** The second half of a visit: what was seen against what the hub says, what of it is believed, and the one write it leads to. */
export async function weigh(
  context: Context,
  given: Case,
  draft: Draft,
  seen: Seen | null,
  isThere: boolean,
  blocked: boolean,
): Promise<void> {
  const now = context.clock.now();
  const side = hubSide(draft.dossier);
  const ours = given.mapping.ours(side);
  const reading: PhaseReading = seen?.phase ?? { is: 'unseen' };
  const mine = given.holds.filter((hold) => hold.link === given.link.id);
  for (const hold of overtakenOf(mine)) draft.answered.add(hold);
  const planned = context.stations.plan({
    mapping: given.mapping,
    ours,
    theirs: seen?.theirs ?? null,
    covers: seen?.sighting.covers ?? [],
    base: draft.base,
    creating: !isThere,
    phase: reading.is === 'phase' ? reading.phase : null,
    readOnly: draft.link.situation === 'ended',
    adopted: draft.link.externalId !== null && draft.link.key !== draft.link.code,
    answers: answersOf(mine),
    shown: shownOf(mine),
  });
  const believed = flipped(planned, given, ours, reading.is === 'phase' ? reading.phase : null);
  const filled = withoutFillIns(given, draft, believed, seen);
  const byHand = isTypedByHand(given, draft.link, isThere);
  const typed = compared(given, draft, filled, { ours, seen, byHand, blocked });
  const plan = withoutDoubtful(given, draft, byHand ? withoutUntyped(given.mapping, typed.plan) : typed.plan);
  draft.unseen = plan.unseen;
  const barred = isHandOverBarred(context, given.links, draft.dossier.head, given.holds);
  const chosen = choose({ ...given, base: draft.base }, draft.link, plan, ours, seen?.theirs ?? null, isThere, barred);
  const choice = byHand ? { ...chosen, write: chosen.write?.verb === 'act' ? chosen.write : null, closed: [] } : chosen;
  const write = blocked || given.statements.length > 1 ? null : choice.write; // not on what more is already known about
  const sheet = byHand && !blocked && write === null ? sheetOf({ mapping: given.mapping, plan, ours, isThere }) : null;
  const content = write === null ? '' : `${write.verb}:${write.verb === 'act' ? write.seq : ''}:${sentText(write.lines)}`;
  const mode = given.spoke.mode(draft.dossier.head.procedure, draft.dossier.head.agency);
  const ruling = context.stations.guard({
    plan,
    link: given.link,
    base: draft.base,
    kind: given.kind,
    sighting: seen?.sighting ?? null,
    phase: reading.is === 'phase' ? reading.phase : null,
    mode,
    limits: context.limits,
    ...ringOf(context, given, plan, now),
    now,
    confirmed: confirmedOf(given.holds, content),
    asked: askedOf(given),
    hasWrite: write !== null || (sheet !== null && mode !== 'confirm'), // who opens a sheet has confirmed it
    isRewritten: isRewritten(given, seen),
  });
  if (ruling.is === 'later') return finish(context, given, withoutSighting(given, draft), ruling.until);
  if (ruling.is === 'hold') {
    const held = withoutSighting(given, draft);
    held.wishes.push(holdWishOfGuard(ruling.hold, given, content));
    return finish(context, given, held, pollDue(given, held.link, now));
  }
  noteConfirmed(context, given, draft, plan, seen);
  const isTaken = await takeInward(context, given, draft, plan, seen);
  wishes(given, draft, plan, choice, blocked, ours);
  draft.unbelieved ||= isStuck(given, plan, reading);
  if (given.spoke.role === 'one-stop') askAboutOpenLegs(context, given, draft);
  draft.link = { ...draft.link, stepSeq: choice.stepSeq, actSeq: choice.actSeq, ...trustOf(given, draft, plan, { seen, isTaken }) };
  const isLeft = typed.left.length > 0 || isLeftDifferent(given, ours, plan, seen);
  if (isLeft && draft.link.trust === 'verified') draft.link = { ...draft.link, trust: 'declared' };
  const wanted = ruling.is === 'go' && !isOvertakenNow(given, draft, write) ? admitted(given, draft, write) : null;
  if (ruling.is === 'no-write' && write !== null)
    audit(draft, now, `plan ${ruling.why}`, { verb: write.verb, lines: [...write.lines.keys()] }, null, given.mapping.version);
  // A step that was only now derived is told in a visit of its own, at once; one that the official has just overtaken is not.
  const isStepDue = given.spoke.role === 'one-stop' && draft.progress.some((entry) => entry.kind === 'status');
  if (wanted !== null && plan.drift.length > 0) audit(draft, now, 'drift', { lines: plan.drift }, null, given.mapping.version);
  if (wanted === null && byHand) return atDesk(context, given, draft, { sheet: ruling.is === 'go' ? sheet : null, blocked, isStepDue });
  if (wanted === null)
    return finish(context, given, draft, isStepDue ? now : blocked ? now + given.spoke.pollMs : pollDue(given, draft.link, now));
  if (await context.stations.refresh(context, { ...given, dossier: draft.dossier })) return afterOneStop(context, given, draft);
  return send(
    context,
    given,
    draft,
    attemptOf(context, { ...given, link: draft.link }, draft, wanted, seen?.sighting.version ?? draft.link.version),
    false,
  );
}

/** What a person typed, held against the dossier, before anything of it is taken in or sent. */
function compared(
  given: Case,
  draft: Draft,
  plan: Plan,
  at: { readonly ours: ReadonlyMap<LineId, LineValue>; readonly seen: Seen | null; readonly byHand: boolean; readonly blocked: boolean },
): ReadBack {
  const landed = draft.attempts.some((attempt) => attempt.verb === 'by-hand' && attempt.state === 'seen');
  const compare = readBack({
    ...{ mapping: given.mapping, plan, ours: at.ours, byHand: at.byHand, blocked: at.blocked, base: draft.base },
    ...{ theirs: at.seen?.theirs ?? null, covers: at.seen?.sighting.covers ?? [] },
    first: landed || (given.kind.create === undefined && draft.base?.provisional === true),
    correcting: correctingOf(given.attempts, draft.attempts),
    holds: given.holds.filter((hold) => hold.link === given.link.id),
  });
  for (const hold of compare.answered) draft.answered.add(hold);
  return compare;
}

/** The end of a visit to a leg that people type: its sheet lies prepared, made of what the one-stop says now. */
async function atDesk(
  context: Context,
  given: Case,
  draft: Draft,
  { sheet, blocked, isStepDue }: { readonly sheet: Sheet | null; readonly blocked: boolean; readonly isStepDue: boolean },
): Promise<void> {
  const now = context.clock.now();
  const isNews = sheet !== null && isNewSheet(given, draft, sheet);
  if (isNews && (await context.stations.refresh(context, { ...given, dossier: draft.dossier }))) return afterOneStop(context, given, draft);
  if (!blocked) layOut(context, given, draft, sheet);
  return finish(context, given, draft, isStepDue ? now : deskDue(given, draft, now));
}

function wishes(given: Case, draft: Draft, plan: Plan, choice: Choice, blocked: boolean, ours: ReadonlyMap<LineId, LineValue>): void {
  for (const held of plan.holds) {
    const wish = wishOfLine(held, given.link);
    draft.wishes.push(held.kind === 'typed-differs' ? { ...wish, what: labelOf(given.kind, held.line) } : wish);
  }
  for (const hold of plan.answered) draft.answered.add(hold);
  if (blocked) return;
  for (const line of choice.closed) {
    const value = asAsked(ours.get(line) ?? { is: 'absent' });
    const left = given.holds.find((hold) => hold.kind === 'closed-phase' && hold.path === line && hold.decision?.name === 'leave');
    if (left !== undefined && JSON.stringify(left.detail.ours) === JSON.stringify(value)) continue;
    if (left !== undefined) draft.answered.add(left.id);
    const cause = `closed-phase:${given.link.system}`;
    draft.wishes.push({ kind: 'closed-phase', cause, path: line, what: line, detail: { phase: draft.link.phase, ours: value } });
  }
}

/** The same content that was refused is not sent again; a changed one is. */
function admitted(given: Case, draft: Draft, write: Write | null): Write | null {
  if (write === null) return null;
  const refused = given.holds.find(
    (hold) => hold.kind === 'refused' && hold.link === given.link.id && hold.detail.sent === sentText(write.lines),
  );
  if (refused === undefined) return write;
  if (refused.decision?.name === 'retry') {
    draft.answered.add(refused.id);
    return write;
  }
  draft.wishes.push(wishOf(refused));
  return null;
}
