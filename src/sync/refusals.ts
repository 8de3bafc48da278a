import type { RefusedRow } from '../kit/index.ts';
import type { Json } from '../model/json.ts';
import type { HoldKind } from '../model/words.ts';
import type { Hold, Tx } from '../store/contract.ts';
import type { Context } from './context.ts';
import type { DossierDocument } from './contract.ts';
import type { IntakeRefused } from './errors.ts';
import { type HoldWish, openHold } from './holds.ts';

/**
 * What was met while polling and cannot be taken in. Nobody waits for the answer, so it is asked of a person: a hold without a
 * leg. A dossier's stands under its code until the dossier is taken in, that of a file under the file's name.
 */

const CAUSE = 'intake:';
const MOST_PATHS = 5;

const KINDS: Readonly<Record<IntakeRefused['code'], HoldKind>> = {
  'expired-procedure': 'expired-procedure',
  'duplicate-code': 'duplicate-code',
  'unknown-procedure': 'setup',
  'unknown-form': 'setup',
  'too-many-legs': 'setup',
  'invalid-dossier': 'invalid',
};

/** Where it was met: enough to look at it again. */
export interface Met {
  readonly system: string;
  readonly record: string;
  /** What was said, where nobody can read it again: a sighting. */
  readonly statement?: Json;
}

export async function askAboutRefusal(context: Context, met: Met, document: DossierDocument, refusal: IntakeRefused): Promise<void> {
  const paths = [...new Set(refusal.problems.map(({ path }) => path))].slice(0, MOST_PATHS);
  const wish: HoldWish = {
    kind: KINDS[refusal.code],
    cause: `${CAUSE}${refusal.code}`,
    path: null,
    what: KINDS[refusal.code] === 'invalid' ? paths.join(', ') : (context.spokes.get(met.system)?.title.vi ?? met.system),
    detail: {
      ...met,
      agency: document.head.agency,
      problems: refusal.problems.map(({ code, path }) => ({ code, path })),
    },
  };
  await ask(context, wish, document.head.code);
}

/** Asks of a person what belongs to no leg: once, however often it is met. */
export async function ask(context: Context, wish: HoldWish, code: string): Promise<void> {
  const now = context.clock.now();
  const hold = openHold(wish, null, code, { id: context.chance.id(), now });
  await context.store.write((tx) => tx.holds.insertUnfiled(hold));
  // A file may be named after a person: its name stays out of the log.
  const isNamed = !isAboutRows(hold);
  context.tell({ event: 'hold', at: now, code: isNamed ? code : null, link: null, detail: { kind: hold.kind } });
}

const ROWS = 'rows:';
/** More are counted, not listed. */
const MOST_ROWS = 100;
const MOST_NAMED = 5;

/** Rows of a file that could not be read: one question a file, however often its page is told. Places and reasons, never a value. */
export async function askAboutRows(context: Context, system: string, refused: readonly RefusedRow[]): Promise<void> {
  const title = context.spokes.get(system)?.title;
  for (const file of new Set(refused.map((row) => row.file))) {
    const rows = refused.filter((row) => row.file === file);
    const named = rows.slice(0, MOST_NAMED).map(({ line }) => line);
    const places = `${named.join(', ')}${rows.length > MOST_NAMED ? ', …' : ''}`;
    const listed = rows.slice(0, MOST_ROWS).map(({ line, issues }) => ({ line, issues: issues.map((issue) => ({ ...issue })) }));
    const wish: HoldWish = {
      kind: 'invalid',
      cause: `${ROWS}${system}:${rows[0]?.hash ?? file}`,
      path: null,
      vi: `Tệp "${file}" của ${title?.vi ?? system}: ${rows.length} dòng không đọc được (${places}).`,
      en: `File "${file}" of ${title?.en ?? system}: ${rows.length} rows could not be read (${places}).`,
      what: file,
      detail: { file, rows: listed },
    };
    await ask(context, wish, `${system}/${file}`);
  }
}

/** It concerns no dossier: a person's answer is all there is to it. */
export const isAboutRows = ({ cause, link }: Hold): boolean => link === null && cause.startsWith(ROWS);

/** Where the dossier of such a hold was met; null for any other hold. */
export function metAt({ cause, link, detail }: Hold): Met | null {
  const { system, record, statement } = detail;
  if (link !== null || !cause.startsWith(CAUSE) || typeof system !== 'string' || typeof record !== 'string') return null;
  return { system, record, ...(statement === undefined ? {} : { statement }) };
}

/** It was taken in after all: nothing is left to ask. */
export async function endRefusals(tx: Tx, code: string, now: number): Promise<void> {
  for (const hold of await tx.holds.live([code])) {
    if (metAt(hold) !== null) await tx.holds.save({ ...hold, closedAt: hold.closedAt ?? now, applied: true });
  }
}
