import { type ChangesVerb, type FindVerb, type ListVerb, type ReadVerb, type Sighting, shaped } from '../../src/kit/index.ts';
import { batchShape, changesShape, type Endpoint, listedOf, listShape, searchShape, sightingOf, touchOf } from './wire.ts';

/** Reading: by code, by national code, by what changed, and all. */

export const MOST_CODES = 50;

/** `GET /dossiers?codes=`: `missing` names what is not there; a code in neither list was not answered. */
export const read = (endpoint: Endpoint): ReadVerb => ({
  by: 'id',
  most: MOST_CODES,
  run: async (ids, call) => {
    const found = new Map<string, Sighting | null>();
    for (let from = 0; from < ids.length; from += MOST_CODES) {
      const codes = ids.slice(from, from + MOST_CODES);
      const asked = {
        operation: 'read',
        effect: 'read',
        method: 'GET',
        path: '/dossiers',
        query: { codes },
        signal: call.signal,
      } as const;
      const answer = shaped(batchShape, (await endpoint.http.ask(asked)).body, 'read');
      for (const code of answer.missing) if (codes.includes(code)) found.set(code, null);
      for (const document of answer.items) {
        const sighting = sightingOf(document);
        const id = codes.find((code) => code === sighting.id || code === sighting.record.nationalCode);
        if (id !== undefined && sighting.record.form === endpoint.form) found.set(id, sighting);
      }
    }
    return found;
  },
});

/** A dossier has two codes; the national one finds it as well. */
export const find = (endpoint: Endpoint): FindVerb => ({
  by: [['nationalCode'], ['code']],
  unique: true,
  indexLagMs: 0,
  run: async (fields, call) => {
    const { nationalCode, code } = fields;
    if (typeof nationalCode !== 'string' && typeof code !== 'string') return [];
    const query = typeof nationalCode === 'string' ? { nationalCode } : { codes: [String(code)] };
    const asked = { operation: 'find', effect: 'read', method: 'GET', path: '/dossiers', query, signal: call.signal } as const;
    const { items } = shaped(searchShape, (await endpoint.http.ask(asked)).body, 'find');
    return items.map(sightingOf).filter((sighting) => sighting.record.form === endpoint.form);
  },
});

/** `GET /dossiers/changes`: every dossier that changed after the cursor, each once with its last state. */
export const changes = (endpoint: Endpoint): ChangesVerb => ({
  overlapMs: 0,
  run: async (cursor, call) => {
    const query = { form: endpoint.form, limit: endpoint.config.pageSize, cursor: cursor ?? undefined };
    const answer = await endpoint.http.ask({
      operation: 'changes',
      effect: 'read',
      method: 'GET',
      path: '/dossiers/changes',
      query,
      signal: call.signal,
    });
    const page = shaped(changesShape, answer.body, 'changes');
    return { touches: page.items.flatMap((document) => touchOf(endpoint.kinds, document) ?? []), cursor: page.cursor, more: page.more };
  },
});

/** `GET /dossiers`: code and revision of every dossier, in the order of creation. */
export const list = (endpoint: Endpoint): ListVerb => ({
  gives: 'id+version',
  run: async (cursor, call) => {
    const query = { form: endpoint.form, limit: endpoint.config.pageSize, cursor: cursor ?? undefined };
    const answer = await endpoint.http.ask({
      operation: 'list',
      effect: 'read',
      method: 'GET',
      path: '/dossiers',
      query,
      signal: call.signal,
    });
    const page = shaped(listShape, answer.body, 'list');
    return { items: page.items.map(listedOf), cursor: page.cursor };
  },
});
