import type { Context } from './context.ts';
import type { DossierDocument, LegCheck } from './contract.ts';
import { IntakeRefused } from './errors.ts';
import { hubSide, valueAt } from './hub.ts';
import { refuseProcedure } from './intake.ts';
import { mappingsFor } from './legs.ts';

/** What every leg will need, refuse or ask of this document, while the citizen is at the counter. Nothing is stored; refuses like intake. */
export async function check(context: Context, document: DossierDocument): Promise<readonly LegCheck[]> {
  refuseProcedure(context, document);
  const side = hubSide({ head: document.head, body: { ...document.body, results: {}, choices: [] } });
  const mappings = mappingsFor(context, document);
  if (mappings.length === 0) throw new IntakeRefused('unknown-form', []);
  return mappings
    .filter((mapping) => context.spokes.get(mapping.system)?.role === 'ministry')
    .map((mapping) => {
      const problems = [...mapping.ours(side)].flatMap(([line, value]) =>
        value.is === 'invalid' && mapping.rule(line).owner !== 'take' ? [value.problem] : [],
      );
      const needs = mapping.needs.filter((path) => valueAt(side.document, path) === undefined);
      return { system: mapping.system, record: mapping.record, needs, problems, losses: mapping.losses(side) };
    });
}
