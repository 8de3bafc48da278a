import { z } from 'zod';
import { readYamlFile } from '../config/yaml-file.ts';
import { ConfigRefused } from '../config.ts';
import { bodyOf, parseDocument } from '../intake/document.ts';
import type { FormBook } from '../intake/forms.ts';
import { overlay } from '../kit/load.ts';
import { deriveStatus, type StatusRules } from '../mapping/index.ts';
import { parseProcedureCode } from '../model/codes.ts';
import type { At } from '../model/json.ts';
import type { EnginePorts, StatusRule } from '../sync/contract.ts';
import { IntakeRefused } from '../sync/errors.ts';

/** Province-wide rules the engine asks: the procedure catalogue and how a dossier's status follows. */

const shape = z.array(
  z.strictObject({
    code: z.string().regex(/^\d\.\d{6}$/),
    name: z.string().min(1),
    form: z.string().min(1),
    from: z.iso.date().optional(),
    until: z.iso.date().optional(),
    replacedBy: z.string().optional(),
  }),
);
export type Catalogue = z.output<typeof shape>;

/** `procedures.yaml` of the mappings folder, or the one of `own` in its place. Throws ConfigRefused with every problem and its line. */
export async function readCatalogue(folder: string, own: string | null = null): Promise<Catalogue> {
  const path = overlay(folder, own, 'procedures.yaml');
  const file = await readYamlFile(path, shape);
  if (file !== null) return file.value;
  const [vi, en] = ['thiếu danh mục thủ tục', 'the catalogue of procedures is missing'];
  throw new ConfigRefused([{ severity: 'error', code: 'procedures.missing', file: path, line: 1, column: 1, vi, en }]);
}

const DAY_MS = 86_400_000;
const dayStart = (day: string): At => Date.parse(`${day}T00:00:00+07:00`);

/** Compares on the base code at the dossier's day in Vietnam; `until` is the last day it holds. */
export const procedureRule =
  (catalogue: Catalogue): EnginePorts['procedure'] =>
  (code, at) => {
    const base = parseProcedureCode(code)?.base;
    const entries = catalogue.filter((entry) => entry.code === base);
    const [first] = entries;
    if (first === undefined) return { is: 'unknown' };
    const valid = entries.some(
      ({ from, until }) => (from === undefined || at >= dayStart(from)) && (until === undefined || at < dayStart(until) + DAY_MS),
    );
    if (valid) return { is: 'valid' };
    return { is: 'expired', replacedBy: entries.find(({ replacedBy }) => replacedBy !== undefined)?.replacedBy ?? null };
  };

/** The mapping language's rules as the engine asks them. A leg that is not possible has no say. */
export const statusRule =
  (rules: StatusRules): StatusRule =>
  ({ current, before, legs, act }) => {
    const said = deriveStatus(rules, {
      current,
      before,
      legs: legs.filter(({ impossible }) => !impossible).map(({ system, phase }) => ({ system, phase, reason: null })),
      acts: act === null ? [] : [act],
    });
    if (said.is === 'same') return { is: 'none' };
    if (said.is === 'next') return { is: 'step', to: said.status };
    return { is: 'hold', to: null, vi: said.problem.vi, en: said.problem.en };
  };

/** What was read or heard from the one-stop is held to the same rules as what is pushed to the API. */
export const admissionOf =
  (forms: FormBook): EnginePorts['admit'] =>
  (document) => {
    const parsed = parseDocument(bodyOf(document), forms);
    if (parsed.ok) return parsed.document;
    const problems = parsed.issues.map((issue) => ({ ...issue, hold: 'invalid' as const, cause: issue.code }));
    throw new IntakeRefused('invalid-dossier', problems);
  };
