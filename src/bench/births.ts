import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HOUSE } from '../config.ts';
import { parseDocument } from '../intake/document.ts';
import { type FormBook, loadForms } from '../intake/forms.ts';
import type { HubSide } from '../mapping/contract.ts';
import { hubDocument } from '../model/dossier.ts';
import type { JsonObject } from '../model/json.ts';
import type { DossierDocument } from '../sync/contract.ts';

/** The invented births of the demo: as they are sent, and as intake reads them. */
export interface Birth {
  readonly body: JsonObject;
  readonly document: DossierDocument;
  readonly hub: HubSide;
}

/** Every birth of `config/demo/civil-status/dossiers.ndjson` that intake takes. */
export async function demoBirths(): Promise<readonly Birth[]> {
  const forms = await loadForms(join(HOUSE, 'mappings/forms'));
  const text = await readFile(join(HOUSE, 'config/demo/civil-status/dossiers.ndjson'), 'utf8');
  return text
    .trim()
    .split('\n')
    .flatMap((line) => birthOf(JSON.parse(line) as JsonObject, forms) ?? []);
}

/** null: another form, or refused by intake. */
export function birthOf(body: JsonObject, forms: FormBook): Birth | null {
  const parsed = body.form === 'birth@1' ? parseDocument(body, forms) : null;
  if (parsed?.ok !== true) return null;
  const { document } = parsed;
  const { head } = document;
  const hub = { document: hubDocument(head, { ...document.body, results: {}, choices: [] }), choices: [], at: head.receivedAt };
  return { body, document, hub };
}

/** The same birth under codes of its own, so that any number of dossiers can be made of a few. */
export function numbered(body: JsonObject, series: string, number: number): JsonObject {
  const serial = String(number).padStart(5, '0');
  return { ...body, code: `H12.31-${series}-${serial}`, nationalCode: `G15.99-20${series}-00${serial}`, ...withName(body, series, number) };
}

/** A child's name of its own too: the ministry knows records by name, day and place. */
function withName(body: JsonObject, series: string, number: number): JsonObject {
  const data = body.data as JsonObject;
  const child = data.child as JsonObject;
  const serial = [...`${series}${String(number).padStart(5, '0')}`].map((digit) => WORDS[Number(digit)] ?? '').join(' ');
  return { data: { ...data, child: { ...child, fullName: `Nguyễn Mẫu ${serial}` } } };
}

const WORDS = ['Không', 'Một', 'Hai', 'Ba', 'Bốn', 'Năm', 'Sáu', 'Bảy', 'Tám', 'Chín'];
