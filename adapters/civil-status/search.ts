import { type Call, classify, type FindVerb, isTrouble, type Json, type JsonObject, type Sighting, Trouble } from '../../src/kit/index.ts';
import type { Endpoint } from './endpoint.ts';
import { sightingOf } from './stated.ts';
import { elementsIn, type PollElement } from './wire.ts';

/**
 * Looks for a record by what it says of a person: the way to find what a clerk typed by hand. No such call is known at BTP:
 * the shape here is INFERENCE (the poll's elements, asked by fields), and the verb is absent unless a path is configured.
 */
export const find = (endpoint: Endpoint): FindVerb => ({
  by: endpoint.kind.findBy,
  unique: false,
  indexLagMs: endpoint.config.searchLagMs,
  run: (fields, call) => {
    const set = endpoint.kind.findBy.find((names) => names.every((name) => at(fields, name) !== undefined));
    if (set === undefined) return Promise.resolve([]);
    return search(endpoint, Object.fromEntries(set.map((name) => [name.slice(name.lastIndexOf('.') + 1), at(fields, name)])), call);
  },
});

/** All records that the system says answer to these fields. Throws Trouble when one of them cannot be read. */
export async function search(endpoint: Endpoint, fields: JsonObject, call: Call): Promise<readonly Sighting[]> {
  const { http, config, kind } = endpoint;
  try {
    const answer = await http.ask({
      operation: 'search',
      effect: 'read',
      method: 'POST',
      path: config.searchPath ?? '',
      json: { maTinh: config.maTinh, module: kind.module, ...fields },
      signal: call.signal,
    });
    return elementsIn(answer.body, 'search').flatMap((element, index) => found(endpoint, element, index));
  } catch (error) {
    if (isTrouble(error) && error.detail.code === 'answers.search.not-there') return [];
    throw error;
  }
}

function found(endpoint: Endpoint, element: PollElement, index: number): readonly Sighting[] {
  const outcome = classify(endpoint.answers, 'element', { status: 200, body: element as Json });
  if (outcome.is === 'trouble') {
    if (outcome.detail.code.endsWith('.not-there')) return [];
    throw new Trouble(outcome.detail);
  }
  const id = element.maHoSoMCDT || registerId(element) || `${NAMELESS}${index + 1}`;
  return [sightingOf(endpoint.kind, id, { ...element, maHoSoMCDT: element.maHoSoMCDT || null })];
}

/** A record under no code and no register number: it counts as one that answers, and cannot be read by this name. */
const NAMELESS = 'nameless/';

/** The register's own unique key. SOURCED DX. */
function registerId(element: PollElement): string | null {
  const result = (element.ketQuaXuLy ?? {}) as Readonly<Record<string, unknown>>;
  const parts = [element.maDonVi, result.quyenSo, result.soDangKy];
  return parts.every((part) => typeof part === 'string' && part !== '') ? parts.join('/') : null;
}

/** A field by its path, whether the fields came nested or flat. */
function at(fields: JsonObject, path: string): Json | undefined {
  if (fields[path] !== undefined) return fields[path];
  let value: Json | undefined = fields;
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    value = (value as JsonObject)[name];
  }
  return value === null || value === '' ? undefined : value;
}
