import { createHash } from 'node:crypto';
import type { Mapping } from '../mapping/contract.ts';
import { canonicalJson } from '../model/canonical-json.ts';
import type { NationalStatus } from '../model/dossier.ts';
import type { At, Json } from '../model/json.ts';
import { ABSENT, type AgreedValue, type LineValue, type Problem } from '../model/line-value.ts';
import type { Base, Dossier, Link, Priority, Tx } from '../store/contract.ts';
import type { Context } from './context.ts';
import { oneStopLink } from './context.ts';
import type { DossierDocument, IntakeAnswer } from './contract.ts';
import { agree, emptyBase } from './draft.ts';
import { IntakeRefused } from './errors.ts';
import { openHold, reconcile, wishOfLine } from './holds.ts';
import { changeHub, hubSide, livingChoices, lookupsOf } from './hub.ts';
import { mappingsFor } from './legs.ts';
import type { Plan } from './plan.ts';
import { actEntries, isOwnStep, officialAct } from './progress.ts';

/**
 * A pushed document is the one-stop's sighting: whole, durable when this resolves. New: hub, links and their first wakes.
 * Known: merged line by line against what was last agreed. Same content or an older revision: answered, no second effect.
 */
export async function intake(context: Context, document: DossierDocument, priority: Priority): Promise<IntakeAnswer> {
  refuseProcedure(context, document);
  const hash = contentHashOf(document);
  const mappings = mappingsFor(context, document);
  if (mappings.length === 0) throw refused('unknown-form', 'Chưa có bảng ánh xạ cho mẫu đơn này.', 'No mapping carries this form.', 'form');
  const answer = await context.store.write(async (tx) => {
    const code = document.head.code;
    const known = (await tx.dossiers.load([code])).get(code) ?? null;
    await refuseDuplicate(tx, document, known);
    if (known === null) return begin(tx, context, document, { hash, mappings, priority });
    if (known.contentHash === hash) return answerOf('same', code, await tx.links.ofDossiers([code]), context);
    const own = oneStopLink(await tx.links.ofDossiers([code]), context);
    if (isOlder(document, known, own)) return answerOf('older', code, await tx.links.ofDossiers([code]), context);
    return merge(tx, context, document, known, { hash, mappings, priority });
  });
  context.memory.refreshedAt.set(answer.code, context.clock.now());
  context.tell({ event: 'intake', at: context.clock.now(), code: answer.code, link: null, detail: { is: answer.is } });
  return answer;
}

interface Setting {
  readonly hash: string;
  readonly mappings: readonly Mapping[];
  readonly priority: Priority;
}

const contentHashOf = (document: DossierDocument): string =>
  createHash('sha256')
    .update(canonicalJson(document as unknown as Json))
    .digest('hex');

/** Behind what the hub took in, or behind what was read or written at the one-stop since. */
const isOlder = (document: DossierDocument, known: Dossier, own: Link | null): boolean => {
  const { revision } = document.head;
  return revision !== null && revision < Math.max(known.head.revision ?? 0, own?.sequence ?? 0);
};

const problem = (code: string, vi: string, en: string, path: string): Problem => ({ code, vi, en, path, hold: 'invalid', cause: code });

const refused = (code: IntakeRefused['code'], vi: string, en: string, path: string): IntakeRefused =>
  new IntakeRefused(code, [problem(code, vi, en, path)]);

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

async function begin(tx: Tx, context: Context, document: DossierDocument, setting: Setting): Promise<IntakeAnswer> {
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
  const links = setting.mappings.map((mapping) => newLink(context, document, mapping, now));
  for (const link of links) await tx.links.insert(link);
  const own = oneStopLink(links, context);
  const mapping = setting.mappings.find((candidate) => candidate.id === own?.mapping);
  if (own !== null && mapping !== undefined) await tx.bases.save(head.code, statedBase(mapping, own, dossier));
  const act = officialAct(null, { status: head.status, supplements: document.supplements }, null);
  const evidence = { kind: 'document' as const, ref: setting.hash };
  if (own !== null) await tx.progress.append(actEntries(act, own, head.status, null, head.receivedAt, evidence));
  await tx.audit.append([auditOf(head.code, now, 'intake', { revision: head.revision, links: links.map((link) => link.id) })]);
  for (const link of links) if (link !== own) await tx.work.wake(link, { at: now, priority: setting.priority });
  return answerOf('new', head.code, links, context);
}

const auditOf = (code: string, at: At, action: string, detail: { readonly [name: string]: Json }) => ({
  code,
  at,
  actor: 'one-stop',
  action,
  attempt: null,
  mappingVersion: null,
  detail,
});

function newLink(context: Context, document: DossierDocument, mapping: Mapping, now: At): Link {
  const isOneStop = context.spokes.get(mapping.system)?.role === 'one-stop';
  const { code } = document.head;
  return {
    id: `${code}/${mapping.system}/${mapping.record}`,
    code,
    system: mapping.system,
    record: mapping.record,
    mapping: mapping.id,
    key: code,
    externalId: isOneStop ? code : null,
    situation: isOneStop ? 'linked' : 'waiting',
    phase: null,
    trust: isOneStop ? 'verified' : null,
    version: isOneStop && document.head.revision !== null ? String(document.head.revision) : null,
    sequence: isOneStop ? document.head.revision : null,
    settledHubVersion: 0,
    actSeq: 0,
    stepSeq: 0,
    missing: 0,
    polls: 0,
    hand: 'machine',
    impossible: null,
    since: now,
    updatedAt: now,
  };
}

/** The document's lines as the one-stop states them; what it cannot state (results, our key) is not agreed on by it. */
function statedLines(mapping: Mapping, side: ReturnType<typeof hubSide>): ReadonlyMap<string, LineValue> {
  const stated = new Map<string, LineValue>();
  for (const [line, value] of mapping.ours(side)) {
    const { owner } = mapping.rule(line);
    if (owner === 'share' || owner === 'take') stated.set(line, value);
  }
  return stated;
}

function statedBase(mapping: Mapping, link: Link, dossier: Dossier): Base {
  const lines = new Map<string, AgreedValue>();
  for (const [line, value] of statedLines(mapping, hubSide(dossier)))
    if (value.is !== 'unseen' && value.is !== 'invalid') lines.set(line, value);
  return { ...emptyBase(link.id, mapping.version), lines };
}

async function merge(tx: Tx, context: Context, document: DossierDocument, known: Dossier, setting: Setting): Promise<IntakeAnswer> {
  const now = context.clock.now();
  const { code } = known.head;
  const links = await tx.links.ofDossiers([code]);
  const own = oneStopLink(links, context);
  const mapping = context.mappings.find((candidate) => candidate.id === own?.mapping);
  if (own === null || mapping === undefined)
    throw refused('unknown-form', 'Hồ sơ không có liên kết một cửa.', 'The dossier has no one-stop link.', 'code');
  const base = (await tx.bases.load([own.id])).get(own.id) ?? null;
  const live = (await tx.holds.live([code])).filter((hold) => hold.link === own.id);
  const plan = weighDocument(context, document, known, mapping, base);
  const { changes, problems } = mapping.inverse(plan.inward, hubSide(known));
  const changed = changeHub(known, changes);
  const stated = { status: document.head.status, supplements: document.supplements };
  const before = { status: known.head.status, supplements: known.head.supplements ?? 0 };
  const isEcho = await isOurs(tx, own, before, stated);
  const act = isEcho ? null : officialAct(before, stated, known.status);
  const moved = isEcho ? false : act !== null || (stated.status !== known.head.status && stated.status !== known.status);
  const files = document.body.files.length > 0 ? document.body.files : known.body.files;
  const dossier: Dossier = {
    ...changed,
    head: {
      ...changed.head,
      revision: document.head.revision ?? changed.head.revision,
      status: stated.status,
      supplements: stated.supplements,
      dueAt: document.head.dueAt,
    },
    body: { ...changed.body, files, choices: livingChoices(changed.body.choices, hubSide(changed).document) },
    status: moved ? stated.status : known.status,
    contentHash: setting.hash,
    updatedAt: now,
  };
  if (!(await tx.dossiers.replace(dossier, known.hubVersion, lookupsOf(dossier))))
    throw new Error('the hub moved inside its own transaction');
  const agreed = new Map<string, AgreedValue>([...plan.agreed, ...plan.inward]);
  const agreedBase = agree(base ?? emptyBase(own.id, mapping.version), agreed, (line) => mapping.rule(line).owner === 'share');
  await tx.bases.save(code, { ...agreedBase, snapshot: null }); // the record behind this document was not read
  const version = document.head.revision === null ? own.version : String(document.head.revision);
  await tx.links.save({ ...own, version, sequence: document.head.revision ?? own.sequence, updatedAt: now });
  if (moved) await tx.progress.append(actEntries(act, own, stated.status, known.status, now, { kind: 'document', ref: setting.hash }));
  await tx.audit.append([
    auditOf(code, now, 'document', { revision: document.head.revision, lines: changes.map((change) => change.line), act }),
  ]);
  const asked = [
    ...(await undoubted(tx, context, own, plan.holds)),
    ...problems.map((found) => ({ kind: found.hold, line: found.path, problem: found, ours: ABSENT, theirs: ABSENT })),
  ];
  const { open } = reconcile(
    live,
    asked.map((held) => wishOfLine(held, own)),
    new Set(),
    now,
    false,
  );
  for (const wish of open) await tx.holds.insert(openHold(wish, own, code, { id: context.chance.id(), now }));
  for (const link of links) await tx.work.wake(link, { at: now, priority: setting.priority });
  return answerOf('changed', code, links, context);
}

/**
 * A line that we are just writing there is not asked about yet: the document may state it before or after our write, and the
 * visit that settles the write will see which. Where the one-stop cannot be read nobody will see, and a person is asked.
 */
async function undoubted(tx: Tx, context: Context, own: Link, holds: Plan['holds']): Promise<Plan['holds']> {
  if (holds.length === 0 || context.spokes.get(own.system)?.kinds[own.record]?.read === undefined) return holds;
  const sent = await tx.attempts.unsettled([own.id]);
  return holds.filter((held) => held.kind !== 'conflict' || !sent.some((attempt) => attempt.sent.lines.has(held.line)));
}

interface Stated {
  readonly status: NationalStatus;
  readonly supplements: number;
}

/** The status a document states is the step we told the one-stop ourselves: nobody there did anything. */
async function isOurs(tx: Tx, own: Link, before: Stated, stated: Stated): Promise<boolean> {
  if (stated.status === before.status || stated.supplements > before.supplements) return false;
  return isOwnStep(await tx.progress.ofDossiers([own.code]), own, stated.status);
}

/** The document against hub and base, through the one-stop's own mapping: as if its record had been read. */
function weighDocument(context: Context, document: DossierDocument, known: Dossier, mapping: Mapping, base: Base | null): Plan {
  const stated = hubSide({
    head: { ...document.head, supplements: document.supplements },
    body: { ...document.body, results: {}, choices: known.body.choices },
  });
  return context.stations.plan({
    mapping,
    ours: mapping.ours(hubSide(known)),
    theirs: statedLines(mapping, stated),
    covers: [],
    base,
    creating: false,
    phase: null,
    readOnly: false,
    adopted: false,
    answers: new Map(),
    shown: new Map(),
  });
}

const answerOf = (is: IntakeAnswer['is'], code: string, links: readonly Link[], context: Context): IntakeAnswer => ({
  is,
  code,
  legs: links
    .filter((link) => context.spokes.get(link.system)?.role === 'ministry')
    .map((link) => ({ link: link.id, system: link.system, record: link.record })),
});
