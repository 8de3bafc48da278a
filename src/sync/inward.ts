import type { HubChange, LineId, Mapping } from '../mapping/contract.ts';
import type { Json } from '../model/json.ts';
import type { AgreedValue } from '../model/line-value.ts';
import type { Dossier } from '../store/contract.ts';
import type { Case, Context } from './context.ts';
import { agree, audit, type Draft, emptyBase } from './draft.ts';
import { fetchFile, isMark } from './files.ts';
import { wishOfLine } from './holds.ts';
import { changeHub, hubSide, livingChoices } from './hub.ts';
import type { Plan } from './plan.ts';
import { actEntries, isOwnStep, officialAct } from './progress.ts';
import type { Seen } from './sighting.ts';
import { saysOther, snapshotOf } from './snapshot.ts';

/** Takes what the sighting brings into hub and base. A value that has no canonical form is held and left out: false where one was. */
export async function takeInward(context: Context, given: Case, draft: Draft, plan: Plan, seen: Seen | null): Promise<boolean> {
  const now = context.clock.now();
  const before = draft.dossier;
  const { changes, problems } = plan.inward.size === 0 ? UNMOVED : given.mapping.inverse(plan.inward, hubSide(before));
  for (const problem of problems) {
    draft.wishes.push(
      wishOfLine({ kind: problem.hold, line: problem.path, problem, ours: { is: 'unseen' }, theirs: { is: 'unseen' } }, given.link),
    );
  }
  const taken = await withFiles(context, given, draft, changes);
  const changed = taken.length === 0 ? before : changeHub(before, taken);
  draft.dossier = withLivingChoices(changed);
  if (draft.dossier !== before && JSON.stringify(draft.dossier) === JSON.stringify(before)) draft.dossier = before;
  if (draft.dossier !== before) {
    draft.hubChanged = true;
    draft.wakeOthers ||= taken.some((change) => !QUIET.has(change.path));
    audit(draft, now, 'inward', { lines: taken.map((change) => change.line) }, null, given.mapping.version);
  }
  if (given.spoke.role === 'one-stop' && seen !== null) takeOfficialAct(context, given, draft, seen);
  keepBase(given, draft, plan, taken, seen);
  return problems.length === 0;
}

const UNMOVED: ReturnType<Mapping['inverse']> = { changes: [], problems: [] };

function withLivingChoices(dossier: Dossier): Dossier {
  const { body } = dossier;
  if (body.choices.length === 0) return dossier;
  const choices = livingChoices(body.choices, hubSide(dossier).document);
  return choices.length === body.choices.length ? dossier : { ...dossier, body: { ...body, choices } };
}

/** The record's own numbering: of no interest to other systems. */
const QUIET: ReadonlySet<string> = new Set(['revision', 'supplements']);

async function withFiles(context: Context, given: Case, draft: Draft, changes: readonly HubChange[]): Promise<readonly HubChange[]> {
  const taken: HubChange[] = [];
  for (const change of changes) {
    const isFile = isMark(change.value) && given.mapping.rule(change.line).isFile;
    if (!isFile || !isMark(change.value)) taken.push(change);
    else
      taken.push({
        ...change,
        value: (await fetchFile(context, given, draft.link.externalId ?? draft.link.key, change.value)) as unknown as Json,
      });
  }
  return taken;
}

/** Agreed lines and taken lines become base; the raw record is kept once with them. */
function keepBase(given: Case, draft: Draft, plan: Plan, taken: readonly HubChange[], seen: Seen | null): void {
  const lines = new Map<LineId, AgreedValue>(plan.agreed);
  const came = new Set(taken.map((change) => change.line));
  for (const [line, value] of plan.inward) if (came.has(line)) lines.set(line, value);
  if (seen === null) {
    // A person chose what they had been shown: that is agreed, though the record was not read again.
    if (lines.size > 0) draft.base = agree(draft.base ?? emptyBase(given.link.id, given.mapping.version), lines, given.mapping);
    return;
  }
  // A drift that is to be repaired is remembered as what they hold, so that a lost repair is made again.
  for (const line of plan.drift) {
    const theirs = seen.theirs.get(line);
    if (theirs !== undefined && theirs.is !== 'unseen' && theirs.is !== 'invalid') lines.set(line, theirs);
  }
  const old = draft.base ?? emptyBase(given.link.id, given.mapping.version);
  const fresh = [...lines].some(([line, value]) => JSON.stringify(old.lines.get(line)) !== JSON.stringify(value));
  const isRestated = seen.sighting.version === null && saysOther(given.mapping, seen.sighting, old);
  const moved = draft.link.version !== given.link.version || draft.base === null || old.snapshot === null || isRestated;
  if (!fresh && !moved && !old.provisional) return;
  draft.base = {
    ...agree(old, lines, given.mapping),
    provisional: false,
    snapshot: snapshotOf(given.mapping, seen.sighting.record),
    mappingVersion: given.mapping.version,
  };
}

/** What the official did at the one-stop since its last sighting; the status is the one the one-stop itself states. */
function takeOfficialAct(context: Context, given: Case, draft: Draft, seen: Seen): void {
  const before = given.dossier.head;
  const now = draft.dossier.head;
  const counted = (now.supplements ?? 0) > (before.supplements ?? 0);
  if (!counted && (now.status === before.status || isOwnStep(given.progress, given.link, now.status))) return;
  const act = officialAct(
    { status: before.status, supplements: before.supplements ?? 0 },
    { status: now.status, supplements: now.supplements ?? 0 },
    draft.dossier.status,
  );
  if (act === null && now.status === draft.dossier.status) return;
  const evidence = { kind: 'sighting' as const, ref: seen.sighting.version ?? seen.sighting.id };
  const at = seen.sighting.statedAt ?? context.clock.now();
  draft.progress.push(...actEntries(act, given.link, now.status, draft.dossier.status, at, evidence));
  draft.dossier = { ...draft.dossier, status: now.status };
  draft.hubChanged = true;
  draft.wakeOthers = true;
}
