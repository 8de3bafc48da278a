import { LINES, MINISTRIES, type Ministry } from './lines.ts';
import type { Evidence, Unavoidable, Violation } from './verdict.ts';
import { hubValue, isMinistry, risksTold } from './verdict.ts';
import { type Effect, recordsOf, type WorldRecord } from './world.ts';

/** How long before a create a record typed by hand must have been findable to be found: one visit, or a frozen one. */
const LOOK_SLACK_MS = 5_000;
const FROZEN_SLACK_MS = 100_000;

/** At most one record a dossier, save where the capability left no way; then the engine must have said so. */
export const duplicates = (
  evidence: Evidence,
  frozen: boolean,
): { readonly violations: Violation[]; readonly unavoidable: Unavoidable[] } => {
  const violations: Violation[] = [];
  const unavoidable: Unavoidable[] = [];
  for (const system of MINISTRIES)
    for (const code of codesAt(evidence, system)) {
      const records = recordsOf(evidence.world, system, code);
      const ours = records.filter((record) => record.madeBy === 'engine');
      if (records.length < 2 || ours.length === 0) continue;
      const isFound = isReported(evidence, system, code);
      const isTold = risksTold(evidence, code, system, 'twin').length > 0;
      const capability = evidence.world.capability[system];
      const mayDouble = ours.length < 2 || (capability.repeat === 'unsafe' && capability.find);
      const couldKnow = ours.some((record) => couldHaveFound(evidence, system, record, records, frozen));
      if (!mayDouble || couldKnow)
        violations.push({ rule: 'duplicate-record', code, what: `${records.length} records at ${system}, ${ours.length} of them ours` });
      else if (!isTold || (capability.list !== null && !isFound))
        violations.push({ rule: 'duplicate-record', code, what: `${records.length} records at ${system}, and nobody was told` });
      else unavoidable.push({ what: 'twin', code, system });
    }
  return { violations, unavoidable };
};

const codesAt = (evidence: Evidence, system: Ministry): readonly string[] => [
  ...new Set(recordsOf(evidence.world, system).map((record) => record.code)),
];

const isReported = (evidence: Evidence, system: Ministry, code: string): boolean =>
  (evidence.strangers.get(system) ?? 0) > 0 ||
  evidence.rows.links.some((link) => link.code === code && link.system === system && link.situation === 'disputed') ||
  evidence.rows.holds.some(
    (hold) => hold.code === code && hold.link?.includes(`/${system}/`) === true && (hold.kind === 'twins' || hold.kind === 'unsure'),
  );

const couldHaveFound = (evidence: Evidence, system: Ministry, mine: WorldRecord, all: readonly WorldRecord[], frozen: boolean): boolean => {
  const capability = evidence.world.capability[system];
  const effect = evidence.world.effects.find(
    (candidate) => candidate.record === mine.id && candidate.verb === 'create' && !candidate.repeated,
  );
  if (!capability.find || effect === undefined) return false;
  const slack = (frozen ? FROZEN_SLACK_MS : LOOK_SLACK_MS) + capability.indexLagMs;
  return all.some(
    (other) => other.id !== mine.id && other.madeBy === 'hand' && Math.max(other.bornAt, other.visibleAt) + slack < effect.calledAt,
  );
};

/** What the world itself saw being written against its owner, and hub values nobody entitled ever gave. */
export const againstOwner = (evidence: Evidence): Violation[] => {
  const seen = evidence.world.breaches.map((breach): Violation => ({ rule: 'against-owner', ...breach }));
  const invented = [...evidence.rows.dossiers.keys()].flatMap((code) => {
    const paths = [...new Set(LINES.map((line) => line.path))];
    return paths.flatMap((path): Violation[] => {
      const held = hubValue(evidence.rows, code, path);
      if (held === null) return [];
      const edit = evidence.world.history.of(code, path, held);
      if (edit === null) return [{ rule: 'against-owner', code, what: `the hub holds a value on ${path} that nobody ever gave` }];
      const isEntitled = LINES.some(
        (line) =>
          line.path === path && line.system === edit.side && (line.owner === 'take' || line.owner === 'share' || line.until !== null),
      );
      return isEntitled && (edit.why !== 'drift' || endsWithResult(path))
        ? []
        : [{ rule: 'against-owner', code, what: `the hub took ${path} from ${edit.side}, which does not own it` }];
    });
  });
  return [...seen, ...invented];
};

/** Ours until the result, then theirs: what a clerk had changed before comes in with the result. */
const endsWithResult = (path: string): boolean => LINES.some((line) => line.path === path && line.until !== null);

/** Every effect outside was intended before, and every attempt stands in the audit. */
export const unexplained = (evidence: Evidence): Violation[] => {
  const { rows, world } = evidence;
  const broken = evidence.brokenChains.map(
    (chain): Violation => ({ rule: 'unexplained', code: chain.code, what: `the audit chain breaks at ${chain.seq}` }),
  );
  const unintended = world.effects.filter((effect) => !isIntended(evidence, effect));
  const named = new Set(rows.audit.map((entry) => entry.attempt));
  const silent = rows.attempts.filter((attempt) => !named.has(attempt.id));
  return [
    ...broken,
    ...unintended.map(
      (effect): Violation => ({
        rule: 'unexplained',
        code: effect.code,
        what: `a ${effect.verb} reached ${effect.system} that no attempt had announced`,
      }),
    ),
    ...silent.map(
      (attempt): Violation => ({
        rule: 'unexplained',
        code: attempt.code,
        what: `the audit does not name a ${attempt.verb} attempt at ${attempt.link}`,
      }),
    ),
  ];
};

const isIntended = (evidence: Evidence, effect: Effect): boolean =>
  evidence.rows.attempts.some(
    (attempt) =>
      attempt.code === effect.code &&
      attempt.link.includes(`/${effect.system}/`) &&
      attempt.verb === effect.verb &&
      attempt.intendedAt <= effect.calledAt &&
      (attempt.endedAt === null || attempt.endedAt >= effect.calledAt || isMinistry(effect.system)),
  );

/** What intake acknowledged is there, at least at that revision. */
export const acknowledgedLost = (evidence: Evidence): Violation[] =>
  [...evidence.world.acknowledged].flatMap(([code, revision]): Violation[] => {
    const dossier = evidence.rows.dossiers.get(code);
    if (dossier === undefined) return [{ rule: 'acknowledged-lost', code, what: 'an acknowledged dossier is not there' }];
    const held = dossier.head.revision ?? revision;
    return held >= revision ? [] : [{ rule: 'acknowledged-lost', code, what: `revision ${revision} was acknowledged, ${held} is held` }];
  });
