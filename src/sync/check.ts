import type { HubSide, Mapping } from '../mapping/contract.ts';
import type { Context } from './context.ts';
import type { DossierDocument, LegCheck } from './contract.ts';
import { IntakeRefused } from './errors.ts';
import { hubSide } from './hub.ts';
import { refuseProcedure } from './intake.ts';
import { giverOf, mappingsFor, missingOf } from './legs.ts';

/**
 * What every leg will need, refuse or ask of this document, while the citizen is at the counter: those too that wait for
 * another leg. Nothing is stored; refuses like intake.
 */
export async function check(context: Context, document: DossierDocument): Promise<readonly LegCheck[]> {
  refuseProcedure(context, document);
  const side = hubSide({ head: document.head, body: { ...document.body, results: {}, choices: [] } });
  const mappings = mappingsFor(context, document);
  if (mappings.length === 0) throw new IntakeRefused('unknown-form', []);
  const legs = mappings.filter((mapping) => context.spokes.get(mapping.system)?.role === 'ministry');
  return legs.map((mapping) => checkLeg(mapping, legs, side));
}

function checkLeg(mapping: Mapping, legs: readonly Mapping[], side: HubSide): LegCheck {
  const problems = [...mapping.ours(side)].flatMap(([line, value]) =>
    value.is === 'invalid' && mapping.rule(line).owner !== 'take' ? [value.problem] : [],
  );
  const isGiven = (path: string) => legs.some((other) => other !== mapping && other.system === giverOf(path));
  const missing = missingOf(mapping, side.document);
  return {
    system: mapping.system,
    record: mapping.record,
    needs: missing.filter((path) => !isGiven(path)),
    waits: missing.filter(isGiven).map((path) => ({ path, system: giverOf(path) ?? '' })),
    problems,
    losses: mapping.losses(side),
  };
}
