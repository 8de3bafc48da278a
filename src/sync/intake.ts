import { createHash } from 'node:crypto';
import type { Mapping } from '../mapping/contract.ts';
import { canonicalJson } from '../model/canonical-json.ts';
import type { At, Json } from '../model/json.ts';
import type { AgreedValue } from '../model/line-value.ts';
import type { Base, Dossier, Link, Priority, Tx } from '../store/contract.ts';
import type { Context } from './context.ts';
import { oneStopLink } from './context.ts';
import type { DossierDocument, IntakeAnswer } from './contract.ts';
import { emptyBase } from './draft.ts';
import { hubSide, lookupsOf } from './hub.ts';
import { mappingsFor } from './legs.ts';
import { auditOf, merge, refused, type Setting, statedLines } from './merge.ts';
import { actEntries, officialAct } from './progress.ts';
import { endRefusals } from './refusals.ts';
import { takeKept } from './strangers.ts';
import { tellTwin } from './twins.ts';

/**
 * A pushed document is the one-stop's sighting: whole, durable when this resolves. New: hub, links and their first wakes.
 * Known: merged line by line against what was last agreed. Same content or an older revision: answered, no second effect.
 */
export async function intake(
  context: Context,
  document: DossierDocument,
  priority: Priority,
  origin: Origin | null = null,
): Promise<IntakeAnswer> {
  refuseProcedure(context, document);
  const hash = contentHashOf(document);
  const mappings = mappingsFor(context, document);
  if (mappings.length === 0) throw refused('unknown-form', 'Chưa có bảng ánh xạ cho mẫu đơn này.', 'No mapping carries this form.', 'form');
  const answer = await context.store.write(async (tx) => {
    const code = document.head.code;
    const known = (await tx.dossiers.load([code])).get(code) ?? null;
    if (origin !== null) return beginOrJoin(tx, context, document, { hash, mappings, priority }, origin);
    await refuseDuplicate(tx, document, known);
    if (known === null) return begin(tx, context, document, { hash, mappings, priority }, null);
    if (known.contentHash === hash) return answerOf('same', code, await tx.links.ofDossiers([code]), context);
    const own = oneStopLink(await tx.links.ofDossiers([code]), context);
    if (isOlder(document, known, own)) return answerOf('older', code, await tx.links.ofDossiers([code]), context);
    return answerOf('changed', code, await merge(tx, context, document, known, { hash, mappings, priority }), context);
  });
  context.memory.refreshedAt.set(answer.code, context.clock.now());
  context.tell({ event: 'intake', at: context.clock.now(), code: answer.code, link: null, detail: { is: answer.is } });
  return answer;
}

const contentHashOf = (document: DossierDocument): string =>
  createHash('sha256')
    .update(canonicalJson(document as unknown as Json))
    .digest('hex');

/** The ministry record that a dossier began as, where the ministry is itself the intake: the one-stop gets the copy. */
export interface Origin {
  readonly system: string;
  readonly record: string;
  readonly id: string;
}

/** A ministry's dossier that is known already by either code is the one an official entered: its leg follows the record from now on. */
async function beginOrJoin(tx: Tx, context: Context, document: DossierDocument, setting: Setting, origin: Origin): Promise<IntakeAnswer> {
  const { code: theirs, nationalCode } = document.head;
  const code = (await tx.dossiers.byCode(theirs)) ?? (nationalCode === null ? null : await tx.dossiers.byCode(nationalCode));
  if (code === null) return begin(tx, context, document, setting, origin);
  const links = await tx.links.ofDossiers([code]);
  const leg = links.find(({ system, record }) => system === origin.system && record === origin.record);
  if (leg === undefined)
    throw refused('duplicate-code', 'Mã hồ sơ này đã thuộc về một hồ sơ khác.', 'This code already belongs to another dossier.', 'code');
  if (leg.externalId !== null) await tellTwin(tx, context, leg, origin.id);
  else {
    const now = context.clock.now();
    await tx.links.save({ ...leg, externalId: origin.id, situation: 'linked', trust: 'sent', updatedAt: now });
    await tx.audit.append([{ ...auditOf(code, now, 'joined', { link: leg.id }), actor: origin.system }]);
    await tx.work.wake(leg, { at: now, priority: setting.priority });
  }
  return answerOf('same', code, links, context);
}

/** Behind what the hub took in, or behind what was read or written at the one-stop since. */
const isOlder = (document: DossierDocument, known: Dossier, own: Link | null): boolean => {
  const { revision } = document.head;
  return revision !== null && revision < Math.max(known.head.revision ?? 0, own?.sequence ?? 0);
};

/** An expired code is reported with what replaced it; the dossier stays where it was typed (T10). */
export function refuseProcedure(context: Context, document: DossierDocument): void {
  const answer = context.procedure(document.head.procedure, document.head.receivedAt);
  if (answer.is === 'unknown')
    throw refused('unknown-procedure', 'Mã thủ tục không có trong danh mục.', 'The procedure code is not in the catalogue.', 'procedure');
  if (answer.is !== 'expired') return;
  const [vi, en] = answer.replacedBy === null ? ['', ''] : [` Mã thay thế: ${answer.replacedBy}.`, ` Replaced by ${answer.replacedBy}.`];
  throw refused(
    'expired-procedure',
    `Mã thủ tục không còn hiệu lực vào ngày tiếp nhận.${vi}`,
    `The procedure code was not valid on the day of receipt.${en}`,
    'procedure',
  );
}

/** One code from two agencies, or one national code on two dossiers, stops intake (T17). */
async function refuseDuplicate(tx: Tx, document: DossierDocument, known: Dossier | null): Promise<void> {
  const { code, nationalCode, agency } = document.head;
  const clash = (path: string) =>
    refused('duplicate-code', 'Mã hồ sơ này đã thuộc về một hồ sơ khác.', 'This code already belongs to another dossier.', path);
  if (known !== null && known.head.agency !== agency) throw clash('agency');
  if (known === null && (await tx.dossiers.byCode(code)) !== null) throw clash('code');
  if (nationalCode === null) return;
  const holder = await tx.dossiers.byCode(nationalCode);
  if (holder !== null && holder !== code) throw clash('nationalCode');
}

async function begin(tx: Tx, context: Context, document: DossierDocument, setting: Setting, origin: Origin | null): Promise<IntakeAnswer> {
  const now = context.clock.now();
  const { head, body } = document;
  const dossier: Dossier = {
    head: { ...head, supplements: document.supplements },
    body: { ...body, results: {}, choices: [] },
    status: head.status,
    hubVersion: 1,
    contentHash: setting.hash,
    createdAt: now,
    updatedAt: now,
  };
  await tx.dossiers.insert(dossier, lookupsOf(dossier));
  await endRefusals(tx, head.code, now);
  const links = setting.mappings.map((mapping) => newLink(context, document, mapping, now, origin));
  for (const link of links) await tx.links.insert(link);
  await takeKept(tx, head.code, links, now);
  const own = oneStopLink(links, context);
  const mapping = setting.mappings.find((candidate) => candidate.id === own?.mapping);
  if (own !== null && mapping !== undefined && origin === null) await tx.bases.save(head.code, statedBase(mapping, own, dossier));
  const act = officialAct(null, { status: head.status, supplements: document.supplements }, null);
  const evidence = { kind: 'document' as const, ref: setting.hash };
  if (own !== null) await tx.progress.append(actEntries(act, own, head.status, null, head.receivedAt, evidence));
  const noted = auditOf(head.code, now, 'intake', { revision: head.revision, links: links.map((link) => link.id) });
  await tx.audit.append([origin === null ? noted : { ...noted, actor: origin.system }]);
  for (const link of links) if (link !== own || origin !== null) await tx.work.wake(link, { at: now, priority: setting.priority });
  return answerOf('new', head.code, links, context);
}

function newLink(context: Context, document: DossierDocument, mapping: Mapping, now: At, origin: Origin | null): Link {
  const isOneStop = origin === null && context.spokes.get(mapping.system)?.role === 'one-stop';
  const isOrigin = origin !== null && mapping.system === origin.system && mapping.record === origin.record;
  const { code } = document.head;
  return {
    id: `${code}/${mapping.system}/${mapping.record}`,
    code,
    system: mapping.system,
    record: mapping.record,
    mapping: mapping.id,
    key: code,
    externalId: isOneStop ? code : isOrigin ? origin.id : null,
    situation: isOneStop || isOrigin ? 'linked' : 'waiting',
    phase: null,
    trust: isOneStop ? 'verified' : isOrigin ? 'sent' : null,
    version: isOneStop && document.head.revision !== null ? String(document.head.revision) : null,
    sequence: isOneStop ? document.head.revision : null,
    settledHubVersion: 0,
    actSeq: 0,
    statedAt: null,
    stepSeq: 0,
    missing: 0,
    polls: 0,
    hand: 'machine',
    impossible: null,
    since: now,
    updatedAt: now,
  };
}

function statedBase(mapping: Mapping, link: Link, dossier: Dossier): Base {
  const lines = new Map<string, AgreedValue>();
  for (const [line, value] of statedLines(mapping, hubSide(dossier)))
    if (value.is !== 'unseen' && value.is !== 'invalid') lines.set(line, value);
  return { ...emptyBase(link.id, mapping.version), lines };
}

const answerOf = (is: IntakeAnswer['is'], code: string, links: readonly Link[], context: Context): IntakeAnswer => ({
  is,
  code,
  legs: links
    .filter((link) => context.spokes.get(link.system)?.role === 'ministry')
    .map((link) => ({ link: link.id, system: link.system, record: link.record })),
});
