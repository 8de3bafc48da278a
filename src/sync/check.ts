import type { Context } from './context.ts';
import type { DossierDocument, LegCheck } from './contract.ts';
import { IntakeRefused } from './errors.ts';
import { hubSide, valueAt } from './hub.ts';
import { mappingsFor } from './legs.ts';

/** What every leg will need, refuse or ask of this document, while the citizen is at the counter. Nothing is stored. */
export async function check(context: Context, document: DossierDocument): Promise<readonly LegCheck[]> {
  const answer = context.procedure(document.head.procedure, document.head.receivedAt);
  const side = hubSide({ head: document.head, body: { ...document.body, results: {}, choices: [] } });
  const mappings = mappingsFor(context, document);
  if (mappings.length === 0) throw new IntakeRefused('unknown-form', []);
  return mappings
    .filter((mapping) => context.spokes.get(mapping.system)?.role === 'ministry')
    .map((mapping) => {
      const problems = [...mapping.ours(side)].flatMap(([line, value]) =>
        value.is === 'invalid' && mapping.rule(line).owner !== 'take' ? [value.problem] : [],
      );
      const expired = answer.is === 'valid' ? [] : [procedureProblem(answer.is)];
      const needs = mapping.needs.filter((path) => valueAt(side.document, path) === undefined);
      return { system: mapping.system, record: mapping.record, needs, problems: [...expired, ...problems], losses: mapping.losses(side) };
    });
}

const procedureProblem = (is: 'expired' | 'unknown') => ({
  code: `${is}-procedure`,
  vi: is === 'expired' ? 'Mã thủ tục không còn hiệu lực vào ngày tiếp nhận.' : 'Mã thủ tục không có trong danh mục.',
  en: is === 'expired' ? 'The procedure code was not valid on the day of receipt.' : 'The procedure code is not in the catalogue.',
  path: 'procedure',
  hold: 'expired-procedure' as const,
  cause: `procedure:${is}`,
});
