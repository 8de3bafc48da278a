import type { LineId, PhaseReading } from '../mapping/contract.ts';
import type { At } from '../model/json.ts';
import type { LineValue } from '../model/line-value.ts';
import type { Attempt } from '../store/contract.ts';
import { pollDue, STUCK, sentText, wishOfTrouble } from './after.ts';
import { answersOf, askedOf, confirmedOf, flipped, GUARD_KINDS, holdWishOfGuard, overtakenOf, shownOf, wishOf } from './answers.ts';
import { backOff } from './back-off.ts';
import { type Choice, choose, type Write } from './choose.ts';
import { commitDraft } from './commit.ts';
import type { Case, Context } from './context.ts';
import { deskDue, isNewSheet, layOut } from './desk.ts';
import { audit, type Draft, draftOf } from './draft.ts';
import { askAboutOpenLegs, followLegs } from './follow-legs.ts';
import { wishOfLine } from './holds.ts';
import { hubSide } from './hub.ts';
import { attemptOf } from './intend.ts';
import { takeInward } from './inward.ts';
import { isHandOverBarred, readiness } from './legs.ts';
import type { Look } from './look.ts';
import { awaitExchange, isLeftDifferent, withoutDoubtful } from './look-up.ts';
import { asAsked, type Plan } from './plan.ts';
import { correctingOf, type ReadBack, readBack } from './read-back.ts';
import { settleOpen } from './settle-open.ts';
import { isTypedByHand, type Sheet, sheetOf, withoutUntyped } from './sheet.ts';
import { labelOf } from './sheet-view.ts';
import { type Seen, takeSighting } from './sighting.ts';
import { saysOther } from './snapshot.ts';
import { coversAll } from './statements.ts';
import { trustOf } from './trust.ts';

/** One look at one link with all that follows: settle, plan, guard, intend, deliver, record (design §7). */
export async function visit(context: Context, given: Case, look: Look): Promise<void> {
  const draft = draftOf(given);
  if (look.is === 'too-early') return finish(context, given, draft, look.until);
  if (look.is === 'trouble') return troubled(context, given, draft, look);
  // Left out of an answer is no answer: nothing is weighed, and above all nothing created, on the strength of it.
  if (look.is === 'unanswered') return finish(context, given, draft, backOff(context, given.work.failures), given.work.failures + 1);

  draft.answeredLook = look.is === 'not-there' || look.is === 'several' || (look.is === 'seen' && look.by !== 'pushed');
  takeRetries(given, draft);
  for (const hold of given.holds) if (hold.cause.startsWith(STUCK) && given.work.failures > 0) draft.wishes.push(wishOf(hold));
  const seen = takeSighting(context, given, draft, look);
  if (look.is === 'seen' && seen === null) return foreign(context, given, draft);
  const settled = settleOpen(context, given, draft, look, seen);
  if (settled.is === 'wait') return finish(context, given, draft, settled.until);
  if (settled.is === 'resend') return send(context, given, draft, settled.attempt, true);
  draft.judged = settled.judged;
  draft.saw = seen !== null;
  if (given.spoke.role === 'one-stop') followLegs(context, given, draft, seen);

  const missing = look.is === 'not-there' && draft.link.externalId !== null;
  if (missing) return vanish(context, given, draft);
  const isThere = seen !== null || draft.link.externalId !== null;
  if (!isThere && !mayBegin(context, given, draft)) {
    layOut(context, given, draft, null);
    return finish(context, given, draft, deskDue(given, draft, context.clock.now()));
  }
  if (!isThere) awaitExchange(given, draft);
  return weigh(context, given, draft, seen, isThere, settled.blocked);
}

/** "The cause is mended, look again": that answer is carried out by this very look. */
function takeRetries(given: Case, draft: Draft): void {
  for (const hold of given.holds) {
    if (hold.decision?.name !== 'retry') continue;
    draft.answered.add(hold.id);
    if (hold.kind === 'no-result' || hold.kind === 'not-exchanged') draft.link = { ...draft.link, polls: 0 };
  }
}

/** The only record found is another dossier's: nothing is sent, nothing settled, until a person has looked. */
function foreign(context: Context, given: Case, draft: Draft): Promise<void> {
  draft.judged = true;
  return finish(context, given, draft, context.clock.now() + given.spoke.pollMs);
}

/** A leg not begun waits for its turn, or is told that it will not come. */
function mayBegin(context: Context, given: Case, draft: Draft): boolean {
  const ready = readiness({ ...given, dossier: draft.dossier });
  if (ready.is === 'ready') return isAfterCutOff(given);
  if (ready.is === 'impossible' && draft.link.impossible === null) {
    draft.link = { ...draft.link, impossible: ready.reason, situation: 'ended' };
    draft.wakeOthers = true;
    audit(draft, context.clock.now(), 'not possible', { reason: ready.reason }, null, null);
  }
  return false;
}

const isAfterCutOff = (given: Case): boolean => given.spoke.cutOffAt === null || given.dossier.head.receivedAt >= given.spoke.cutOffAt;

async function weigh(context: Context, given: Case, draft: Draft, seen: Seen | null, isThere: boolean, blocked: boolean): Promise<void> {
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
  await takeInward(context, given, draft, plan, seen);
  wishes(given, draft, plan, choice, blocked, ours);
  draft.unbelieved ||= isStuck(given, plan, reading);
  if (given.spoke.role === 'one-stop') askAboutOpenLegs(context, given, draft);
  draft.link = { ...draft.link, stepSeq: choice.stepSeq, actSeq: choice.actSeq, ...trustOf(given, draft, plan, seen) };
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

/** A record typed by hand, where no change is admitted: what it leaves unsaid cannot be filled in and is no difference. */
function withoutFillIns(given: Case, draft: Draft, plan: Plan, seen: Seen | null): Plan {
  const adopted = draft.link.externalId !== null && draft.link.key !== draft.link.code;
  if (!adopted || given.kind.update !== undefined || seen === null) return plan;
  const outward = [...plan.outward].filter(([line]) => {
    const theirs = seen.theirs.get(line);
    return theirs?.is === 'value' || draft.base?.lines.has(line) === true;
  });
  return { ...plan, outward: new Map(outward) };
}

/** A statement that could not be taken in is kept until it can be, or until a later one speaks of all it spoke of. */
function isStuck({ statements: [weighed, next] }: Case, plan: Plan, reading: PhaseReading): boolean {
  if (weighed === undefined) return false;
  const isHeld = reading.is === 'unknown' || plan.holds.some(({ theirs }) => theirs.is === 'invalid');
  return isHeld && !(next !== undefined && coversAll(next.sighting.covers, weighed.sighting.covers));
}

/** Only against a sighting: after a receipt or a pushed document nobody knows yet what the record says as a whole. */
function isRewritten(given: Case, seen: Seen | null): boolean {
  const { base, link, mapping } = given;
  if (seen === null || base === null || base.provisional || base.snapshot === null) return false;
  if (seen.sighting.sequence === null || seen.sighting.sequence !== link.sequence) return false;
  return saysOther(mapping, seen.sighting, base);
}

/** This very look shows that an official has moved the dossier on since the step was derived. */
const isOvertakenNow = (given: Case, draft: Draft, write: Write | null): boolean =>
  write?.verb === 'act' && write.act === 'step' && draft.progress.some((entry) => entry.kind === 'status' && entry.link === given.link.id);

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

/** A difference that was not believed leaves no mark on base, phase or version: the next visit meets it afresh. */
function withoutSighting(given: Case, draft: Draft): Draft {
  const kept = draftOf(given);
  kept.attempts.push(...draft.attempts);
  for (const id of draft.answered) kept.answered.add(id);
  kept.judged = draft.judged;
  kept.saw = draft.saw;
  kept.answeredLook = draft.answeredLook;
  kept.unbelieved = true;
  return kept;
}

/** What passed the guards by a person's word needs that word no longer; differences on an ended link are noted once. */
function noteConfirmed(context: Context, given: Case, draft: Draft, plan: Plan, seen: Seen | null): void {
  for (const hold of given.holds) if (hold.decision !== null && GUARD_KINDS.has(hold.kind)) draft.answered.add(hold.id);
  if (plan.notices.length > 0 && isNews(given, draft, seen)) {
    audit(draft, context.clock.now(), 'differs after the end', { lines: plan.notices }, null, given.mapping.version);
  }
}

/** The record says something else than when it was last looked at; one without a version is compared as a whole. */
function isNews(given: Case, draft: Draft, seen: Seen | null): boolean {
  const { base, link, mapping } = given;
  if (link.externalId === null || given.statements.length > 0 || draft.link.version !== link.version) return true;
  if (seen === null) return false;
  if (link.situation !== draft.link.situation || base === null) return true;
  return seen.sighting.version === null && saysOther(mapping, seen.sighting, base);
}

function ringOf(context: Context, given: Case, plan: Plan, now: At): { readonly ringHitsNow: number; readonly ringSince: At | null } {
  const { ring } = context.memory;
  const hits = ring.get(given.link.system) ?? new Map<string, At>();
  if (plan.ringHits.length === 0) {
    hits.delete(given.link.id);
    return { ringHitsNow: 0, ringSince: null };
  }
  const since = hits.get(given.link.id) ?? now;
  ring.set(given.link.system, hits.set(given.link.id, since));
  const recent = [...hits.values()].filter((at) => now - at <= context.limits.ringWindowMs).length;
  return { ringHitsNow: recent, ringSince: since };
}

async function send(context: Context, given: Case, draft: Draft, attempt: Attempt, again: boolean): Promise<void> {
  const { stations } = context;
  if (!again && (await isOverCap(context, given, attempt))) return capped(context, given, draft);
  await stations.intend(context, given, draft, attempt);
  const delivery = await stations.deliver(context, given, draft.link, attempt);
  await stations.record(context, given, draft, attempt, delivery);
}

async function isOverCap(context: Context, given: Case, attempt: Attempt): Promise<boolean> {
  const cap = given.spoke.dailyCap;
  if (cap === null || attempt.verb === 'act') return false;
  const day = new Date(context.clock.now() + 7 * 3_600_000).toISOString().slice(0, 10);
  return (await context.store.write((tx) => tx.budgets.spend(given.spoke.name, 'writes', day, 1))) > cap;
}

function capped(context: Context, given: Case, draft: Draft): Promise<void> {
  draft.wishes.push({ kind: 'cap', cause: `cap:${given.spoke.name}`, path: null, what: given.spoke.title.vi, detail: {} });
  const dayMs = 86_400_000;
  const localNow = context.clock.now() + 7 * 3_600_000;
  return finish(context, given, draft, context.clock.now() + (dayMs - (localNow % dayMs)));
}

/** The one-stop moved on: its link first, this one right after. */
async function afterOneStop(context: Context, given: Case, draft: Draft): Promise<void> {
  draft.wakeOthers = true;
  await finish(context, given, draft, context.clock.now() + 1_000);
}

/** "Not there" is a suspicion, confirmed by a second look, never a delete. */
async function vanish(context: Context, given: Case, draft: Draft): Promise<void> {
  const now = context.clock.now();
  const missing = Math.min(2, draft.link.missing + 1);
  if (missing !== draft.link.missing) draft.link = { ...draft.link, missing };
  if (missing >= 2) {
    if (draft.link.trust === 'verified') draft.link = { ...draft.link, trust: 'sent' };
    draft.wishes.push({ kind: 'vanished', cause: `vanished:${given.link.system}`, path: null, what: given.spoke.title.vi, detail: {} });
  }
  await finish(context, given, draft, now + given.spoke.pollMs);
}

async function troubled(context: Context, given: Case, draft: Draft, look: Extract<Look, { is: 'trouble' }>): Promise<void> {
  const { trouble } = look;
  const failures = given.work.failures + 1;
  if (trouble.kind !== 'unavailable' && trouble.kind !== 'stale') {
    const stand: Attempt = {
      ...attemptOf(context, given, draft, { verb: 'update', lines: new Map<LineId, never>(), record: {} }, null),
      state: 'failed',
    };
    const wish = wishOfTrouble(given, stand, { ...trouble, kind: trouble.kind === 'refused' ? 'unknown' : trouble.kind });
    draft.wishes.push({ ...wish, detail: { ...wish.detail, look: true } });
  }
  const dueAt = Math.max(backOff(context, given.work.failures), context.clock.now() + (trouble.retryAfterMs ?? 0));
  context.tell({
    event: 'trouble',
    at: context.clock.now(),
    code: given.link.code,
    link: given.link.id,
    detail: { kind: trouble.kind, code: trouble.code },
  });
  await finish(context, given, draft, dueAt, failures);
}

/** Ends a visit that sends nothing: what it learned is committed together with the end of its work row. */
export async function finish(context: Context, given: Case, draft: Draft, nextDueAt: At | null, failures = 0): Promise<void> {
  await context.store.write(async (tx) => {
    await commitDraft(tx, context, given, draft);
    await tx.work.finish(given.work, { nextDueAt, failures, priority: given.work.priority });
  });
  for (const entry of draft.progress) {
    context.tell({ event: 'progress', at: entry.at, code: entry.code, link: entry.link, detail: { kind: entry.kind, name: entry.name } });
  }
}
