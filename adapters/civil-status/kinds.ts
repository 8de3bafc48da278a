import { z } from 'zod';
import { type AdapterPorts, type JsonObject, SetupFault } from '../../src/kit/index.ts';

/** Record kinds are data: each `records/<kind>.schema.json` says under `x-civil-status` what is particular to its kind. */

const names = z.array(z.string().min(1)).min(1).max(20);
const described = z.object({
  properties: z.looseObject({
    module: z.object({ enum: z.tuple([z.string().min(1)]) }),
    ketQuaXuLy: z.object({ properties: z.record(z.string(), z.unknown()) }),
  }),
  'x-civil-status': z.strictObject({
    /** Fields of the result that the system shows in capitals. SOURCED DVC-NEW. */
    capitals: z.array(z.string().min(1)).max(50),
    /** Which fields together mean one record, best first; the last set is the natural key. INFERENCE from SOURCED IGATE practice. */
    findBy: z.array(names).min(1).max(10),
    /** What a push must hold; the simulator refuses one without it. INFERENCE. */
    mandatory: names,
    /** Papers inside the result and their codes, where one is known. */
    papers: z.record(z.string().min(1), z.string().min(1).nullable()),
    /** `ghiChu` is a field of the dossier; the remark on the status then goes where it cannot hide it. */
    ownRemark: z.boolean().default(false),
  }),
});

type Particular = z.output<typeof described>['x-civil-status'];

/** Every name is one of the schema: another would have no effect, and nobody would see it. */
const shape = described.superRefine(({ properties, 'x-civil-status': { capitals, findBy, mandatory, papers } }, { addIssue }) => {
  const result = properties.ketQuaXuLy.properties;
  const isField = (path: string) =>
    path.startsWith(RESULT) ? Object.hasOwn(result, path.slice(RESULT.length)) : Object.hasOwn(properties, path);
  const said = { capitals: capitals.map(inResult), findBy: findBy.flat(), mandatory, papers: Object.keys(papers).map(inResult) };
  for (const [where, paths] of Object.entries(said))
    for (const path of paths) if (!isField(path)) addIssue({ code: 'custom', path: ['x-civil-status', where, path] });
});
const RESULT = 'ketQuaXuLy.';
const inResult = (name: string): string => RESULT + name;

export interface Kind extends Particular {
  readonly name: string;
  /** Code of the module in the push and in the poll. */
  readonly module: string;
  readonly schema: JsonObject;
}

/** All kinds of the records folder and of its overrides. Throws SetupFault with every place where one is not fully described. */
export function readKinds(data: AdapterPorts['data']): ReadonlyMap<string, Kind> {
  const read = data.recordKinds().map((name) => {
    const schema = data.recordSchema(name);
    return { name, schema, parsed: shape.safeParse(schema) };
  });
  const faults = read.flatMap(({ name, parsed }) =>
    (parsed.error?.issues ?? []).map(({ path }) => ({
      file: `records/${name}.schema.json`,
      line: 0,
      column: 0,
      code: 'records.kind',
      vi: `${path.join('.')}: thiếu hoặc không đúng dạng`,
      en: `${path.join('.')}: missing or not of the right shape`,
    })),
  );
  if (faults.length > 0) throw new SetupFault(faults);
  return new Map(
    read.flatMap(({ name, schema, parsed }) =>
      parsed.data === undefined
        ? []
        : [[name, { ...parsed.data['x-civil-status'], name, schema, module: parsed.data.properties.module.enum[0] }] as const],
    ),
  );
}
