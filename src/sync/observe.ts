import { isTrouble, type RecordKind, type Sighting, type TroubleDetail } from '../kit/index.ts';
import type { Case, Context } from './context.ts';
import { eachOf } from './each-of.ts';
import { hubSide } from './hub.ts';
import { readiness } from './legs.ts';
import type { Look } from './look.ts';

/** Reads the spoke for all due links of one system: batched, matched by id or key, never by position. */
export async function observe(context: Context, cases: readonly Case[]): Promise<ReadonlyMap<string, Look>> {
  const looks = new Map<string, Look>();
  const toRead: Case[] = [];
  for (const given of cases) {
    const early = tooEarly(context, given);
    if (early !== null) looks.set(given.link.id, early);
    else if (canRead(given)) toRead.push(given);
    else looks.set(given.link.id, stated(given));
  }
  await readAll(context, toRead, looks);
  await eachOf(cases, cases[0]?.spoke.concurrent ?? 1, async (given) => {
    const look = looks.get(given.link.id);
    if (look !== undefined && needsFind(given, look)) looks.set(given.link.id, await find(context, given, look));
  });
  return looks;
}

function stated({ statements: [first] }: Case): Look {
  return first === undefined ? { is: 'not-looked' } : { is: 'seen', sighting: first.sighting, by: 'pushed' };
}

/** A read right after a write could still show the state before it. */
function tooEarly(context: Context, given: Case): Look | null {
  const lag = given.kind.readLagMs;
  if (lag === 0) return null;
  const last = Math.max(0, ...given.attempts.map((attempt) => attempt.sentAt), given.link.externalId === null ? 0 : given.link.updatedAt);
  return context.clock.now() < last + lag ? { is: 'too-early', until: last + lag } : null;
}

const hasOpenCreate = (given: Case): boolean => given.attempts.some(({ verb }) => verb === 'create' || verb === 'by-hand');

function canRead(given: Case): boolean {
  const { read } = given.kind;
  if (read === undefined) return false;
  return read.by === 'key' ? given.link.externalId !== null || isWanted(given) : given.link.externalId !== null;
}

/** No record known yet, but one may be there: an effect is open, or the leg is ready to be sent. */
const isWanted = (given: Case): boolean => hasOpenCreate(given) || readiness(given).is === 'ready';

async function readAll(_context: Context, cases: readonly Case[], looks: Map<string, Look>): Promise<void> {
  const byKind = new Map<RecordKind, Case[]>();
  for (const given of cases) byKind.set(given.kind, [...(byKind.get(given.kind) ?? []), given]);
  const chunks = [...byKind].flatMap(([kind, due]) => chunked(due, kind.read?.most ?? 1).map((chunk) => ({ kind, chunk })));
  await eachOf(chunks, cases[0]?.spoke.concurrent ?? 1, async ({ kind, chunk }) => {
    const { read } = kind;
    if (read === undefined) return;
    const idOf = (given: Case) => (read.by === 'key' ? given.link.key : (given.link.externalId ?? given.link.key));
    const answer = await attemptLook((signal) => read.run(chunk.map(idOf), { signal }));
    for (const given of chunk)
      looks.set(
        given.link.id,
        'trouble' in answer ? { is: 'trouble', trouble: answer.trouble } : lookOf(answer.value, idOf(given), read.by),
      );
  });
}

function lookOf(answers: ReadonlyMap<string, Sighting | null>, id: string, by: 'id' | 'key'): Look {
  const sighting = answers.get(id);
  if (sighting === undefined) return { is: 'unanswered' };
  return sighting === null ? { is: 'not-there' } : { is: 'seen', sighting, by };
}

/** Looking before a create, and for one whose answer was lost: by the natural key where the system can search. */
function needsFind(given: Case, look: Look): boolean {
  if (given.kind.find === undefined || given.link.externalId !== null) return false;
  if (look.is !== 'not-there' && look.is !== 'not-looked') return false;
  return isWanted(given);
}

async function find(_context: Context, given: Case, before: Look): Promise<Look> {
  const { find: search } = given.kind;
  if (search === undefined) return before;
  const fields = given.mapping.findFields(hubSide(given.dossier), search.by);
  if (fields === null) return before;
  const answer = await attemptLook((signal) => search.run(fields, { signal }));
  if ('trouble' in answer) return { is: 'trouble', trouble: answer.trouble };
  const [first, ...more] = answer.value;
  if (first === undefined) return { is: 'not-there' };
  return more.length === 0 ? { is: 'seen', sighting: first, by: 'find' } : { is: 'several', sightings: answer.value };
}

type Answered<T> = { readonly value: T } | { readonly trouble: TroubleDetail };

/** A look that fails is trouble to be remembered, not an error of the engine. */
export async function attemptLook<T>(run: (signal: AbortSignal) => Promise<T>): Promise<Answered<T>> {
  try {
    return { value: await run(new AbortController().signal) };
  } catch (error) {
    if (isTrouble(error)) return { trouble: error.detail };
    throw error;
  }
}

const chunked = <T>(items: readonly T[], most: number): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(items.length / most) }, (_, index) => items.slice(index * most, (index + 1) * most));
