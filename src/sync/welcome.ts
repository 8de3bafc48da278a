import type { Sighting, Touch } from '../kit/index.ts';
import type { Mapping } from '../mapping/contract.ts';
import type { NationalStatus } from '../model/dossier.ts';
import type { At, Json } from '../model/json.ts';
import type { AgreedValue } from '../model/line-value.ts';
import type { Dossier } from '../store/contract.ts';
import type { Context } from './context.ts';
import type { DossierDocument, Spoke } from './contract.ts';
import { IntakeRefused } from './errors.ts';
import { changeHub, hubSide } from './hub.ts';
import { intake } from './intake.ts';
import { attemptLook } from './observe.ts';
import { askAboutRefusal, type Met } from './refusals.ts';

/** `unread`: it could not be read now. `stranger`: it begins nothing here; a sweep counts it. */
export type Welcome = 'welcome' | 'unread' | 'stranger';

/**
 * A record no link knows. At the one-stop, and at a ministry that is itself the intake, it is a dossier that begins. `isAsked`:
 * the sender waits for an answer, and a refusal is his to hear.
 */
export async function welcome(context: Context, spoke: Spoke, touch: Touch, isAsked: boolean): Promise<Welcome> {
  const mapping = context.mappings.find((candidate) => candidate.system === spoke.name && candidate.record === touch.kind);
  if (spoke.role !== 'one-stop' && (mapping === undefined || !isIntake(mapping))) return 'stranger';
  const read = touch.sighting === null ? await attemptLook((signal) => readOne(spoke, touch, signal)) : { value: touch.sighting };
  if ('trouble' in read) {
    context.tell({
      event: 'trouble',
      at: context.clock.now(),
      code: null,
      link: null,
      detail: { system: spoke.name, code: read.trouble.code },
    });
    return 'unread';
  }
  const sighting = read.value;
  if (sighting === null || mapping === undefined) return 'welcome';
  const document = documentOf(mapping, sighting, spoke.role === 'one-stop' ? null : ARRIVED);
  try {
    const origin = spoke.role === 'one-stop' ? null : { system: spoke.name, record: touch.kind, id: sighting.id };
    await intake(context, context.admit(document), 1, origin);
  } catch (error) {
    if (isAsked || !(error instanceof IntakeRefused)) throw error;
    const statement = spoke.kinds[touch.kind]?.read === undefined ? { statement: sighting as unknown as Json } : {};
    await askAboutRefusal(context, { system: spoke.name, record: touch.kind, ...statement }, document, error);
  }
  return 'welcome';
}

/** A dossier that a ministry took in comes to the one-stop as received (domain driving-licence §4: TD). */
const ARRIVED: NationalStatus = 2;

/** The facts that make a dossier: where they are taken from a ministry's record, that ministry is the intake. */
const HEAD_FACTS: readonly string[] = ['procedure', 'agency', 'receivedAt'];
const isIntake = ({ rules }: Mapping): boolean =>
  HEAD_FACTS.every((path) => rules.some((rule) => rule.owner === 'take' && rule.hubPath === path));

/** Looks again at a dossier that could not be taken in. False: its system could not be read now. */
export async function meetAgain(context: Context, met: Met, code: string): Promise<boolean> {
  const spoke = context.spokes.get(met.system);
  if (spoke === undefined) return false;
  const sighting = (met.statement ?? null) as unknown as Sighting | null;
  return (await welcome(context, spoke, { kind: met.record, id: code, key: code, sighting }, false)) !== 'unread';
}

async function readOne(spoke: Spoke, touch: Touch, signal: AbortSignal): Promise<Sighting | null> {
  const read = spoke.kinds[touch.kind]?.read;
  const id = read?.by === 'key' ? touch.key : touch.id;
  if (read === undefined || id === null || id === undefined) return null;
  return (await read.run([id], { signal })).get(id) ?? null;
}

/** Stands where the record states no number; `admit` refuses it. */
const UNSTATED = Number.NaN;

/** A record in canonical words, through its mapping's inverse; not yet checked. `status`: where the record's own is none of the one-stop's. */
export function documentOf(mapping: Mapping, sighting: Sighting, status: NationalStatus | null): DossierDocument {
  const lines = new Map<string, AgreedValue>();
  for (const [line, value] of mapping.theirs(sighting.record, sighting.covers)) {
    const { owner } = mapping.rule(line);
    if ((owner === 'take' || owner === 'share') && value.is === 'value') lines.set(line, value);
  }
  const blankAt = (receivedAt: At): Dossier => ({
    head: {
      code: sighting.id,
      nationalCode: null,
      procedure: '',
      agency: '',
      status: 1,
      revision: status === null ? sighting.sequence : null,
      receivedAt,
      dueAt: null,
      form: mapping.form,
    },
    body: { applicant: {}, data: {}, results: {}, files: [], choices: [] },
    status: 1,
    hubVersion: 0,
    contentHash: null,
    createdAt: 0,
    updatedAt: 0,
  });
  const readAt = (receivedAt: At): Dossier => {
    const blank = blankAt(receivedAt);
    return changeHub(blank, mapping.inverse(lines, hubSide(blank)).changes);
  };
  // Codes mean what they meant on the day of receipt, which the record itself states.
  const { head, body } = readAt(readAt(0).head.receivedAt);
  const states = (path: string): boolean => [...lines.keys()].some((line) => mapping.rule(line).hubPath === path);
  const stated = {
    ...head,
    status: status ?? (states('status') ? head.status : (UNSTATED as NationalStatus)),
    receivedAt: states('receivedAt') ? head.receivedAt : UNSTATED,
  };
  return { head: stated, body: { applicant: body.applicant, data: body.data, files: body.files }, supplements: head.supplements ?? 0 };
}
