import { z } from 'zod';
import type { HttpClient, JsonObject, Listed, Receipt, Sighting, Touch } from '../../src/kit/index.ts';
import type { Config } from './config.ts';

/** The shapes that travel; README.md is their description for who implements the other side. */

/** What every verb of one kind works with. */
export interface Endpoint {
  readonly kind: string;
  /** All kinds of this one-stop: what is in `records/`. */
  readonly kinds: readonly string[];
  /** e.g. `birth@1` */
  readonly form: string;
  readonly schema: JsonObject;
  readonly config: Config;
  readonly http: HttpClient;
}

const dossier = z
  .record(z.string(), z.json())
  .refine((record) => typeof record.code === 'string' && record.code !== '', { message: 'code' })
  .refine((record) => typeof record.form === 'string', { message: 'form' });
const revision = z.int().min(1);

/** A dossier and what stands around it. `key` is ours, for dossiers that motlan created. */
export const documentShape = z.object({
  key: z.string().nullable(),
  revision,
  changedAt: z.iso.datetime({ offset: true }),
  dossier,
});
export type Document = z.output<typeof documentShape>;

export const batchShape = z.object({ items: z.array(documentShape), missing: z.array(z.string()) });
export const searchShape = z.object({ items: z.array(documentShape) });
export const listShape = z.object({
  items: z.array(z.object({ code: z.string(), key: z.string().nullable(), revision })),
  cursor: z.string().nullable(),
});
export const changesShape = z.object({ items: z.array(documentShape), cursor: z.string(), more: z.boolean() });
export const markShape = z.object({
  name: z.string(),
  mime: z.string(),
  sizeBytes: z.int().min(0),
  hash: z.string().nullable(),
  remoteId: z.string().min(1),
  kind: z.string().nullable(),
});
export const messageShape = z.object({ event: z.literal('dossier.changed'), document: documentShape });
export type Message = z.output<typeof messageShape>;

/** Documents are whole: a sighting covers all of the dossier. */
export function sightingOf({ key, revision: number, changedAt, dossier: record }: Document): Sighting {
  return {
    id: String(record.code),
    key,
    version: String(number),
    sequence: number,
    covers: 'all',
    record,
    statedAt: Date.parse(changedAt),
  };
}

/** null when the dossier's form is none that this adapter knows. */
export function touchOf(kinds: readonly string[], document: Document): Touch | null {
  const kind = kindOfForm(kinds, String(document.dossier.form));
  return kind === null ? null : { kind, id: String(document.dossier.code), key: document.key, sighting: sightingOf(document) };
}

/** A kind holds the dossiers of one form and has its name: `birth` those of `birth@1`. */
export const kindOfForm = (kinds: readonly string[], form: string): string | null =>
  kinds.find((kind) => form.split('@')[0] === kind) ?? null;

export const receiptOf = (document: Document): Receipt => ({
  is: 'done',
  id: String(document.dossier.code),
  version: String(document.revision),
  sequence: document.revision,
});

export const listedOf = (item: z.output<typeof listShape>['items'][number]): Listed => ({
  id: item.code,
  key: item.key,
  version: String(item.revision),
});
