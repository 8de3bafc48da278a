import { z } from 'zod';
import type { Attempt, Dossier } from '../store/contract.ts';
import type { SheetShown } from '../sync/contract.ts';
import { sheetState } from '../sync/sheet.ts';
import type { Sentence } from '../zod-sentence.ts';
import { lineShape, momentOf, sentenceShape } from './shapes.ts';

/** Sheets as they travel over the API. */

/** Why somebody looks at a sheet; kept in the audit chain, and so a closed list of words and no free text. */
export const PURPOSES = ['type-in', 'check', 'correct', 'answer-citizen', 'inspect'] as const;

const STATES = ['prepared', 'opened', 'entered', 'closed', 'dropped'] as const;
const revision = z.int().min(0).max(1_000_000);

export const openingShape = z.strictObject({
  purpose: z.enum(PURPOSES),
  /** The revision the caller saw in the list. */
  revision,
  /** "I know that it was opened before and was not typed": needed for a sheet that is open already. */
  again: z.boolean().default(false),
});
export const lookShape = z.strictObject({ purpose: z.enum(PURPOSES), revision: z.coerce.number().pipe(revision) });
export const numberShape = z.strictObject({
  revision,
  /** The number the ministry gave; left out for a supplement. */
  number: lineShape(100).nullish(),
  /** Keys of the asked fields that were filled in there; the values stay there. */
  typed: z.array(lineShape(300)).max(300).default([]),
});
export const backShape = z.strictObject({
  revision,
  /** Give the leg back to the machine, where there is a way in for one. */
  machine: z.boolean().default(false),
});

export const waitingShape = z.object({
  id: z.string(),
  link: z.string(),
  code: z.string(),
  system: z.string(),
  record: z.string(),
  title: sentenceShape,
  agency: z.string(),
  procedure: z.string(),
  dueAt: z.string().nullable(),
  what: z.enum(['whole', 'supplement']),
  state: z.enum(STATES),
  revision: z.int(),
  /** Names of the lines that stand on it; no values. */
  lines: z.array(z.string()),
  preparedAt: z.string(),
  openedAt: z.string().nullable(),
});

export const waitingOf = (attempt: Attempt, { head }: Pick<Dossier, 'head'>, title: Sentence): z.infer<typeof waitingShape> => {
  const [, system = '', record = ''] = attempt.link.split('/');
  return {
    ...{ id: attempt.id, link: attempt.link, code: attempt.code, system, record, title, agency: head.agency, procedure: head.procedure },
    dueAt: head.dueAt === null ? null : momentOf(head.dueAt),
    what: attempt.act === null ? 'whole' : 'supplement',
    ...{ state: sheetState(attempt), revision: attempt.sends, lines: [...attempt.sent.lines.keys()] },
    preparedAt: momentOf(attempt.intendedAt),
    openedAt: attempt.sends > 0 ? momentOf(attempt.sentAt) : null,
  };
};

const fieldShape = z.object({
  key: z.string(),
  label: z.string(),
  note: z.string().nullable(),
  /** `asked`: filled in from the papers; `cleared`: to be emptied there. */
  is: z.enum(['value', 'asked', 'cleared']),
  /** Ready to paste. */
  text: z.string(),
  /** What the screen shows for it, where that is another word. */
  shown: z.string().nullable(),
  required: z.boolean(),
});

export const sheetShape = z.object({
  id: z.string(),
  link: z.string(),
  code: z.string(),
  system: z.string(),
  record: z.string(),
  title: sentenceShape,
  what: z.enum(['whole', 'supplement']),
  state: z.enum(STATES),
  revision: z.int(),
  number: z.object({ label: z.string(), known: z.string().nullable() }),
  preparedAt: z.string(),
  openedAt: z.string().nullable(),
  screens: z.array(z.object({ title: z.string(), fields: z.array(fieldShape) })),
  /** What the dossier says otherwise since the sheet was prepared. */
  changed: z.array(z.object({ key: z.string(), label: z.string(), before: z.string(), now: z.string() })),
});

export const sheetOf = (shown: SheetShown): z.infer<typeof sheetShape> => ({
  ...shown,
  title: { ...shown.title },
  number: { ...shown.number },
  preparedAt: momentOf(shown.preparedAt),
  openedAt: shown.openedAt === null ? null : momentOf(shown.openedAt),
  screens: shown.screens.map(({ title, fields }) => ({ title, fields: fields.map((field) => ({ ...field })) })),
  changed: shown.changed.map((change) => ({ ...change })),
});
