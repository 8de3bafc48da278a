import { type Call, classify, isTrouble, type Json, type ReadVerb, type Sighting, Trouble } from '../../src/kit/index.ts';
import type { Endpoint } from './endpoint.ts';
import { search } from './search.ts';
import { sightingOf } from './stated.ts';
import { elementsIn, type PollElement } from './wire.ts';

/** SOURCED TD. */
export const MOST_IDS = 3;

/** A record typed by hand has no key of ours; it is known by its place in the register: `noiDangKy/quyenSo/soDangKy`. */
export const REGISTER_ID = /^(\d{5})\/(.+)\/([^/]+)$/u;

/**
 * `LayKetQua`: by maHoSoMCDT, at most 3 a call; more are asked in several calls. Answers are matched by maHoSoMCDT, never
 * by position. null only where the system says in words that the dossier is not there.
 */
export const read = (endpoint: Endpoint): ReadVerb => ({
  by: 'key',
  most: MOST_IDS,
  run: async (ids, call) => {
    const found = new Map<string, Sighting | null>();
    const troubles: Trouble[] = [];
    const settle = (id: string, looked: Looked) => (looked instanceof Trouble ? troubles.push(looked) : found.set(id, looked));
    const typed = endpoint.config.searchPath === null ? [] : ids.filter((id) => REGISTER_ID.test(id));
    for (const id of typed) settle(id, (await byRegister(endpoint, id, call)) ?? null);
    const keys = ids.filter((id) => !typed.includes(id));
    for (let from = 0; from < keys.length; from += MOST_IDS)
      for (const [id, looked] of await askedOnce(endpoint, keys.slice(from, from + MOST_IDS), call)) settle(id, looked);
    const [first] = troubles;
    if (found.size === 0 && first !== undefined) throw first;
    return found;
  },
});

type Looked = Sighting | null | Trouble;

/** One call. What it does not speak of is not in the map; a row that cannot be read spoils no other. */
async function askedOnce(endpoint: Endpoint, keys: readonly string[], call: Call): Promise<ReadonlyMap<string, Looked>> {
  const elements = await poll(endpoint, keys, call);
  if (elements === 'not-there') return keys.length === 1 ? new Map([[keys[0] ?? '', null]]) : oneByOne(endpoint, keys, call);
  const looked = new Map<string, Looked>();
  for (const key of keys) {
    const rows = elements.filter((element) => element.maHoSoMCDT === key);
    if (rows.length > 0) looked.set(key, lookAt(endpoint, key, rows));
  }
  return looked;
}

/** "Not there" to several ids at once does not say which: each is asked alone. */
async function oneByOne(endpoint: Endpoint, keys: readonly string[], call: Call): Promise<ReadonlyMap<string, Looked>> {
  const looked = new Map<string, Looked>();
  for (const key of keys) for (const [id, one] of await askedOnce(endpoint, [key], call)) looked.set(id, one);
  return looked;
}

function lookAt(endpoint: Endpoint, key: string, rows: readonly PollElement[]): Looked {
  const looks = rows.map((row) => lookAtRow(endpoint, key, row));
  const [first] = looks;
  const differ = looks.some((look) => versionOf(look) !== versionOf(first));
  return differ ? twins() : (first ?? null);
}

const versionOf = (look: Looked | undefined): string | null =>
  look === null || look === undefined || look instanceof Trouble ? null : look.version;

const twins = (): Trouble =>
  new Trouble({
    kind: 'unknown',
    scope: 'record',
    code: 'poll.twins',
    vi: 'Phần mềm hộ tịch trả về nhiều hồ sơ khác nhau cho cùng một mã hồ sơ một cửa.',
    en: 'The civil-status system states several different dossiers for one dossier code.',
  });

function lookAtRow(endpoint: Endpoint, key: string, row: PollElement): Looked {
  const outcome = classify(endpoint.answers, 'element', { status: 200, body: row as Json });
  if (outcome.is === 'trouble') return outcome.detail.code.endsWith('.not-there') ? null : new Trouble(outcome.detail);
  try {
    return sightingOf(endpoint.kind, key, row);
  } catch (error) {
    if (isTrouble(error)) return error;
    throw error;
  }
}

/** The raw elements of one poll; used for the papers too. */
export async function poll(endpoint: Endpoint, keys: readonly string[], call: Call): Promise<readonly PollElement[] | 'not-there'> {
  const { http, config, kind } = endpoint;
  try {
    const answer = await http.ask({
      operation: 'poll',
      effect: 'read',
      method: 'POST',
      path: config.pollPath,
      json: { maDinhDanhHoSo: keys, maTinh: config.maTinh, module: kind.module },
      signal: call.signal,
    });
    return elementsIn(answer.body, 'poll');
  } catch (error) {
    if (isTrouble(error) && error.detail.code === 'answers.poll.not-there') return 'not-there';
    throw error;
  }
}

async function byRegister(endpoint: Endpoint, id: string, call: Call): Promise<Sighting | undefined> {
  const [, noiDangKy = '', quyenSo = '', soDangKy = ''] = REGISTER_ID.exec(id) ?? [];
  const found = await search(endpoint, { noiDangKy, quyenSo, soDangKy }, call);
  return found.find((sighting) => sighting.id === id);
}
