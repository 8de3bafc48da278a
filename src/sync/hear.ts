import type { Heard, Sighting, Touch } from '../kit/index.ts';
import type { Mapping } from '../mapping/contract.ts';
import type { NationalStatus } from '../model/dossier.ts';
import type { AgreedValue } from '../model/line-value.ts';
import type { Dossier, Tx } from '../store/contract.ts';
import type { Context } from './context.ts';
import type { DossierDocument, HeardAnswer, Spoke } from './contract.ts';
import { IntakeRefused, NotPossible } from './errors.ts';
import { changeHub, hubSide } from './hub.ts';
import { intake } from './intake.ts';
import { attemptLook } from './observe.ts';
import { askAboutRefusal, askAboutRows, type Met } from './refusals.ts';
import { wakeTouched } from './touched.ts';

const NEVER = new AbortController().signal;

/** A callback: its proof is the adapter's to check, its nonce is taken once, its touches wake links or begin dossiers. */
export async function hear(context: Context, system: string, kind: string, request: Heard): Promise<HeardAnswer> {
  const spoke = spokeOf(context, system);
  const verb = spoke.kinds[kind]?.hear;
  if (verb === undefined) throw new NotPossible('callback.none', 'Hệ thống này không gửi thông báo.', 'This system sends no callbacks.');
  const { touches, nonce } = await verb.run(request, { signal: NEVER });
  const strangers = await context.store.read((tx) => unknownOf(tx, system, touches));
  // What begins a dossier is durable before the message counts as taken: a fall in between leaves it to be sent again.
  let unwelcome = 0;
  for (const touch of strangers) if (!(await welcome(context, spoke, touch, true))) unwelcome += 1;
  // What nobody can read again and no dossier can keep is not acknowledged either.
  const isLost = (touch: Touch): boolean =>
    spoke.role !== 'one-stop' && touch.sighting !== null && spoke.kinds[touch.kind]?.read === undefined;
  const unknown = unwelcome + strangers.filter(isLost).length;
  const isNew = await context.store.write(async (tx) => {
    const isFirst = unknown > 0 || (await tx.inbox.take({ id: context.chance.id(), system, nonce, receivedAt: request.receivedAt }));
    if (isFirst) await wakeTouched(tx, context, system, touches, 1);
    return isFirst;
  });
  return isNew ? { touches: touches.length, replayed: false, unknown } : { touches: 0, replayed: true, unknown: 0 };
}

/** Reads `changes` once from the kept cursor; the cursor moves only after everything it passed is durable. */
export async function pollChanges(context: Context, system: string): Promise<boolean> {
  const spoke = spokeOf(context, system);
  let more = false;
  for (const [name, kind] of Object.entries(spoke.kinds)) {
    const { changes } = kind;
    if (changes === undefined) continue;
    const cursor = await context.store.read((tx) => tx.cursors.load(system, `changes:${name}`));
    const answer = await attemptLook((signal) => changes.run(cursor, { signal }));
    if ('trouble' in answer) {
      context.tell({
        event: 'trouble',
        at: context.clock.now(),
        code: null,
        link: null,
        detail: { system, kind: answer.trouble.kind, code: answer.trouble.code },
      });
      continue;
    }
    const page = answer.value;
    const strangers = await context.store.read((tx) => unknownOf(tx, system, page.touches));
    let isWelcomed = true;
    for (const touch of strangers) isWelcomed = (await welcome(context, spoke, touch, false)) && isWelcomed;
    if (!isWelcomed) continue; // the cursor stays before what could not be taken in
    if (page.refused !== undefined) await askAboutRows(context, system, page.refused);
    await context.store.write(async (tx) => {
      await wakeTouched(tx, context, system, page.touches, 2);
      if (page.cursor !== cursor) await tx.cursors.save(system, `changes:${name}`, page.cursor);
    });
    more ||= page.more;
  }
  return more;
}

async function unknownOf(tx: Tx, system: string, touches: readonly Touch[]): Promise<readonly Touch[]> {
  const unknown: Touch[] = [];
  for (const touch of touches) {
    const byId = touch.id === null ? [] : await tx.links.byExternalId(system, touch.kind, [touch.id]);
    const byKey = touch.key === null || byId.length > 0 ? [] : await tx.links.byKey(system, touch.kind, [touch.key]);
    if (byId.length + byKey.length === 0) unknown.push(touch);
  }
  return unknown;
}

function spokeOf(context: Context, system: string): Spoke {
  const spoke = context.spokes.get(system);
  if (spoke === undefined) throw new NotPossible('system.unknown', 'Không có hệ thống này.', 'There is no such system.');
  return spoke;
}

/**
 * A record no link knows. At the one-stop it is a dossier that begins; elsewhere a sweep counts it. `isAsked`: the sender
 * waits for an answer, and a refusal is his to hear. False: nobody could read it now.
 */
async function welcome(context: Context, spoke: Spoke, touch: Touch, isAsked: boolean): Promise<boolean> {
  if (spoke.role !== 'one-stop') return true;
  const read = touch.sighting === null ? await attemptLook((signal) => readOne(spoke, touch, signal)) : { value: touch.sighting };
  if ('trouble' in read) {
    context.tell({
      event: 'trouble',
      at: context.clock.now(),
      code: null,
      link: null,
      detail: { system: spoke.name, code: read.trouble.code },
    });
    return false;
  }
  const sighting = read.value;
  const mapping = context.mappings.find((candidate) => candidate.system === spoke.name && candidate.record === touch.kind);
  if (sighting === null || mapping === undefined) return true;
  const document = documentOf(mapping, sighting);
  try {
    await intake(context, context.admit(document), 1);
  } catch (error) {
    if (isAsked || !(error instanceof IntakeRefused)) throw error;
    await askAboutRefusal(context, { system: spoke.name, record: touch.kind }, document, error);
  }
  return true;
}

/** Looks again at a dossier that could not be taken in. False: its system could not be read now. */
export async function meetAgain(context: Context, met: Met, code: string): Promise<boolean> {
  return welcome(context, spokeOf(context, met.system), { kind: met.record, id: code, key: code, sighting: null }, false);
}

async function readOne(spoke: Spoke, touch: Touch, signal: AbortSignal): Promise<Sighting | null> {
  const read = spoke.kinds[touch.kind]?.read;
  const id = read?.by === 'key' ? touch.key : touch.id;
  if (read === undefined || id === null || id === undefined) return null;
  return (await read.run([id], { signal })).get(id) ?? null;
}

/** Stands where the record states no number; `admit` refuses it. */
const UNSTATED = Number.NaN;

/** The one-stop's record in canonical words, through its mapping's inverse; not yet checked. */
export function documentOf(mapping: Mapping, sighting: Sighting): DossierDocument {
  const lines = new Map<string, AgreedValue>();
  for (const [line, value] of mapping.theirs(sighting.record, sighting.covers)) {
    const { owner } = mapping.rule(line);
    if ((owner === 'take' || owner === 'share') && value.is === 'value') lines.set(line, value);
  }
  const blank: Dossier = {
    head: {
      code: sighting.id,
      nationalCode: null,
      procedure: '',
      agency: '',
      status: 1,
      revision: sighting.sequence,
      receivedAt: 0,
      dueAt: null,
      form: mapping.form,
    },
    body: { applicant: {}, data: {}, results: {}, files: [], choices: [] },
    status: 1,
    hubVersion: 0,
    contentHash: null,
    createdAt: 0,
    updatedAt: 0,
  };
  const { changes } = mapping.inverse(lines, hubSide(blank));
  const { head, body } = changeHub(blank, changes);
  const states = (path: string): boolean => [...lines.keys()].some((line) => mapping.rule(line).hubPath === path);
  const stated = {
    ...head,
    status: states('status') ? head.status : (UNSTATED as NationalStatus),
    receivedAt: states('receivedAt') ? head.receivedAt : UNSTATED,
  };
  return { head: stated, body: { applicant: body.applicant, data: body.data, files: body.files }, supplements: head.supplements ?? 0 };
}
