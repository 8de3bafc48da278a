import type { Evidence, Violation } from './verdict.ts';

/** Every progress entry has its evidence in what truly happened, and steps reached the one-stop once and in order. */
export const inventedSteps = (evidence: Evidence): Violation[] =>
  evidence.rows.progress
    .flatMap((entry): Violation[] => {
      const system = entry.link?.split('/')[1] ?? null;
      if (entry.kind === 'phase') {
        const isTrue = evidence.world.happenings.some(
          (fact) =>
            fact.kind === 'stage' && fact.code === entry.code && fact.system === system && fact.name === entry.name && fact.at <= entry.at,
        );
        return isTrue ? [] : [{ rule: 'invented-step', code: entry.code, what: `${system} never reached ${entry.name}` }];
      }
      if (entry.kind === 'act' && entry.name === 'supplied') {
        const isTrue = evidence.world.happenings.some(
          (fact) => fact.kind === 'act' && fact.code === entry.code && fact.name === 'supplied' && fact.at <= entry.at,
        );
        return isTrue ? [] : [{ rule: 'invented-step', code: entry.code, what: 'nobody supplied anything' }];
      }
      if (entry.kind === 'act' && entry.name !== 'received') {
        return [{ rule: 'invented-step', code: entry.code, what: `no official ever did ${entry.name}` }];
      }
      return [];
    })
    .concat(suppliedTooOften(evidence));

/** An act that happened once stands once. */
const suppliedTooOften = (evidence: Evidence): Violation[] =>
  [...evidence.rows.dossiers.keys()].flatMap((code): Violation[] => {
    const told = evidence.rows.progress.filter((entry) => entry.code === code && entry.kind === 'act' && entry.name === 'supplied').length;
    const happened = evidence.world.happenings.filter(
      (fact) => fact.code === code && fact.kind === 'act' && fact.name === 'supplied',
    ).length;
    return told > happened ? [{ rule: 'invented-step', code, what: `supplied ${happened} times and told ${told} times` }] : [];
  });

/** Steps at the one-stop: no act key twice, and times that only grow. */
export const stepOrder = (evidence: Evidence): Violation[] => {
  const last = new Map<string, number>();
  return evidence.world.steps.flatMap((step): Violation[] => {
    const at = Number(new Date(String(step.record.at ?? 0)));
    const before = last.get(step.code) ?? 0;
    last.set(step.code, Math.max(before, at));
    return at < before ? [{ rule: 'step-order', code: step.code, what: 'a step reached the one-stop after a later one' }] : [];
  });
};
