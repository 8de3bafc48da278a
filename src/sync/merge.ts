import type { Mapping } from '../mapping/contract.ts';
import type { NationalStatus } from '../model/dossier.ts';
import type { At, Json } from '../model/json.ts';
import { ABSENT, type AgreedValue, type LineValue, type Problem } from '../model/line-value.ts';
import type { Base, Dossier, Link, Priority, Tx } from '../store/contract.ts';
import { type Context, oneStopLink } from './context.ts';
import type { DossierDocument } from './contract.ts';
import { agree, emptyBase } from './draft.ts';
import { IntakeRefused } from './errors.ts';
import { openHold, reconcile, wishOfLine } from './holds.ts';
import { changeHub, hubSide, livingChoices, lookupsOf } from './hub.ts';
import type { Plan } from './plan.ts';
import { actEntries, isOwnStep, officialAct } from './progress.ts';

/** What intake knows beside the document: its content hash, the mappings of its procedure, how urgent it is. */
export interface Setting {
  readonly hash: string;
  readonly mappings: readonly Mapping[];
  readonly priority: Priority;
}

const problem = (code: string, vi: string, en: string, path: string): Problem => ({ code, vi, en, path, hold: 'invalid', cause: code });

/** A refusal for one reason, at one path of the document. */
export const refused = (code: IntakeRefused['code'], vi: string, en: string, path: string): IntakeRefused =>
  new IntakeRefused(code, [problem(code, vi, en, path)]);

/** An audit entry of what the one-stop told; field names and words, never a value. */
export const auditOf = (code: string, at: At, action: string, detail: { readonly [name: string]: Json }) => ({
  code,
  at,
  actor: 'one-stop',
  action,
  attempt: null,
  mappingVersion: null,
  detail,
});

/** The document's lines as the one-stop states them; what it cannot state (results, our key) is not agreed on by it. */
export function statedLines(mapping: Mapping, side: ReturnType<typeof hubSide>): ReadonlyMap<string, LineValue> {
  const stated = new Map<string, LineValue>();
  for (const [line, value] of mapping.ours(side)) {
    const { owner } = mapping.rule(line);
    if (owner === 'share' || owner === 'take') stated.set(line, value);
  }
  return stated;
}

/**
 * A newer document about a dossier that is known: merged line by line against what was last agreed, in the caller's transaction.
 * A line that both sides changed is held, and the hub keeps its own.
 */
export async function merge(
  tx: Tx,
  context: Context,
  document: DossierDocument,
  known: Dossier,
  setting: Setting,
): Promise<readonly Link[]> {
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
  const agreedBase = agree(base ?? emptyBase(own.id, mapping.version), agreed, mapping);
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
  const { outdated, open } = reconcile(
    live,
    asked.map((held) => wishOfLine(held, own)),
    new Set(),
    now,
    false,
  );
  for (const hold of outdated) await tx.holds.save(hold);
  for (const wish of open) await tx.holds.insert(openHold(wish, own, code, { id: context.chance.id(), now }));
  for (const link of links) await tx.work.wake(link, { at: now, priority: setting.priority });
  return links;
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
