import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HubSide, Mapping } from '../../src/mapping/contract.ts';
import { loadBook } from '../../src/mapping/index.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { ADAPTERS, MAPPINGS } from './given.ts';

/** The shipped mappings, checked and compiled as the product does it, against the shipped record schemas. */
const recordSchema = (system: string, record: string): JsonObject | null => {
  const file = join(ADAPTERS, system, 'records', `${record}.schema.json`);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null;
};

/** `<system>.<record>` of every mapping file that ships. */
export const shippedIds: readonly string[] = readdirSync(MAPPINGS, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== 'forms' && entry.name !== 'crosswalks')
  .flatMap(({ name }) => readdirSync(join(MAPPINGS, name)).map((file) => `${name}.${file.replace(/\.yaml$/, '')}`))
  .sort();

export const book = await loadBook({ folder: MAPPINGS, recordSchema, lawRounds: 50 });

export function mapping(system: string, kind: string): Mapping {
  const found = book.mappings.find((each) => each.id === `${system}.${kind}`);
  if (found === undefined) throw new RangeError(`no mapping ${system}.${kind}`);
  return found;
}

export const side = (document: JsonObject, day = '2026-11-02'): HubSide => ({ document, choices: [], at: Date.parse(`${day}T02:00:00Z`) });

/** What the record would say of this hub, and what keeps it from being said. */
export function outwards(of: Mapping, document: JsonObject, day?: string) {
  const lines = [...of.ours(side(document, day))].filter(([id]) => of.rule(id).owner !== 'take');
  const values = new Map(lines.flatMap(([id, found]) => (found.is === 'value' || found.is === 'empty' ? [[id, found] as const] : [])));
  const problems = lines.flatMap(([, found]) => (found.is === 'invalid' ? [found.problem] : []));
  return { record: of.write(values), problems };
}

/** What a record that differs would change in this hub. */
export function inwards(of: Mapping, record: JsonObject, document: JsonObject, day?: string) {
  const hub = side(document, day);
  const ours = of.ours(hub);
  const differing = [...of.theirs(record, Object.keys(record))].flatMap(([id, found]) => {
    const own = ours.get(id);
    const isNews = (found.is === 'value' || found.is === 'empty') && own !== undefined && !of.equal(id, own, found);
    return isNews ? [[id, found] as const] : [];
  });
  return of.inverse(new Map(differing), hub);
}
