import type { Json, JsonObject, SimulatorAnswer, SimulatorDesk, SimulatorKind, SimulatorRequest } from '../../../src/kit/index.ts';
import { TAXPAYERS } from '../wire.ts';

/** Taxpayers as the simulated office has been told of them. Typing one by hand is the registry's message that arrives. */

export const taxpayerKind: SimulatorKind = {
  naturalKey: (record) => String(record.ENTERPRISE_GDT_CODE ?? ''),
  firstStage: 'active',
  stages: { active: ['closed'], closed: [] },
  id: (n) => `NNT-${String(n).padStart(6, '0')}`,
};

/** The gateway's envelope; a short answer has no object at all. */
export function lookUpTaxpayer(desk: SimulatorDesk, { query }: SimulatorRequest): SimulatorAnswer {
  const code = query.get('MaSoDoanhNghiep') ?? '';
  const found = TAXPAYERS.flatMap((kind) => desk.rows(kind)).filter(({ record }) => record.ENTERPRISE_GDT_CODE === code);
  const told = desk.answered(found.map(({ record }) => stated(record)));
  const [first] = told;
  if (found.length > 0 && first === undefined) return said({ StatusCode: 200, Status: 'SUCCESS' });
  return said({ StatusCode: 200, Status: 'SUCCESS', ResultObject: first ?? null });
}

const said = (json: JsonObject): SimulatorAnswer => ({ status: 200, json });

/** What the office says where nothing else was typed. */
function stated({ KetQuaTraCuu: _ours, ...record }: JsonObject): Json {
  return { ENTERPRISE_STATUS_NAME: 'NNT đang hoạt động', ...record };
}
