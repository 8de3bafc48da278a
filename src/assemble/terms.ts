import { z } from 'zod';
import { readYamlFile } from '../config/yaml-file.ts';
import { overlay } from '../kit/load.ts';
import { sameProcedure } from '../model/codes.ts';
import type { TermRow } from '../sync/deadlines.ts';

/** The terms of procedures and legs from `deadlines.yaml` of the mappings folder. */

const count = (most: number) =>
  z
    .string()
    .regex(/^\d{1,4}$/)
    .transform(Number)
    .pipe(z.int().min(0).max(most));
const row = z
  .strictObject({
    procedure: z.string().regex(/^\d\.\d{6}$/),
    leg: z
      .string()
      .regex(/^[a-z][a-z0-9-]*(\/[a-z][a-z0-9-]*)?$/)
      .optional(),
    days: count(1000).optional(),
    hours: count(8000).optional(),
    from: z.iso.date().optional(),
    until: z.iso.date().optional(),
  })
  .superRefine(({ days, hours, from, until }, context) => {
    if ((days === undefined) === (hours === undefined) || hours === 0) {
      context.addIssue({
        code: 'custom',
        params: { vi: 'phải nêu days hoặc hours, một trong hai (hours từ 1)', en: 'give days or hours, one of the two (hours from 1)' },
      });
    }
    if (from !== undefined && until !== undefined && until < from) {
      context.addIssue({ code: 'custom', path: ['until'], params: { vi: 'until phải sau from', en: 'until must not lie before from' } });
    }
  });
const shape = z.array(row).max(10_000);

const OPEN_END = '9999-12-31';

/** The file of `own` stands in the place of the folder's. Throws ConfigRefused with every problem and its line. No file: no terms. */
export async function readTerms(folder: string, own: string | null = null): Promise<readonly TermRow[]> {
  const file = await readYamlFile(overlay(folder, own, 'deadlines.yaml'), shape);
  if (file === null) return [];
  const rows = file.value.map(({ procedure, leg, days, hours, from, until }): TermRow => {
    const term = days !== undefined ? { unit: 'day' as const, count: days } : { unit: 'hour' as const, count: hours ?? 0 };
    return { procedure, leg: leg ?? null, term, from: from ?? '', until: until ?? OPEN_END };
  });
  const twice = rows.flatMap((one, index) =>
    rows.slice(0, index).some((other) => overlap(one, other))
      ? [{ path: [index], code: 'twice', vi: 'trùng với một dòng trước', en: 'says what an earlier row says already' }]
      : [],
  );
  return twice.length > 0 ? file.refuse(twice) : rows;
}

const overlap = (a: TermRow, b: TermRow): boolean =>
  sameProcedure(a.procedure, b.procedure) && a.leg === b.leg && a.from <= b.until && b.from <= a.until;
