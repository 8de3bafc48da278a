import { createHash } from 'node:crypto';
import { z } from 'zod';
import {
  type Call,
  type HttpClient,
  isTrouble,
  type Json,
  type JsonObject,
  type RecordKind,
  readOneByOne,
  type Sighting,
  shaped,
  Trouble,
} from '../../src/kit/index.ts';
import type { Taxpayers } from './config.ts';

/** Taxpayers looked up by their code: the registry tells the tax office of each enterprise and household, so nothing is ever written. */

export interface TaxpayerEndpoint {
  readonly name: string;
  readonly schema: JsonObject;
  readonly settings: Taxpayers;
  readonly http: HttpClient;
}

/** Ids of one call; each is a look-up of its own, so the number only bounds the work. */
const MOST_IDS = 10;
const FIELDS = ['NAME', 'ENTERPRISE_GDT_CODE', 'ENTERPRISE_STATUS_NAME', 'HO_ADDRESS_FULLTEXT'] as const;

export const taxpayerKind = (endpoint: TaxpayerEndpoint): RecordKind => ({
  name: endpoint.name,
  schema: endpoint.schema,
  normalises: {},
  readLagMs: 0,
  ordered: false,
  onlyLookedUp: true,
  read: { by: 'id', most: MOST_IDS, run: (codes, call) => readOneByOne(codes, (code) => taxpayer(endpoint, code, call)) },
  find: {
    by: [['ENTERPRISE_GDT_CODE']],
    unique: true,
    indexLagMs: 0,
    run: async (fields, call) => {
      const found = await taxpayer(endpoint, String(fields.ENTERPRISE_GDT_CODE ?? ''), call);
      return found === null ? [] : [found];
    },
  },
});

/** An answer without the object is short; one that says null has nobody under this code (INFERENCE). */
const answered = z.looseObject({ ResultObject: z.record(z.string(), z.json()).nullable() });

/** Who has this code, or null where the gateway says that nobody has. */
export async function taxpayer(endpoint: TaxpayerEndpoint, code: string, call: Call): Promise<Sighting | null> {
  const stated = await ask(endpoint, code, call);
  if (stated === null) return null;
  const record = recordOf(stated, code);
  if (record.ENTERPRISE_GDT_CODE !== code) throw another();
  const version = createHash('sha256').update(JSON.stringify(record)).digest('hex').slice(0, 32);
  const covers = [...FIELDS.filter((name) => stated[name] !== undefined), 'KetQuaTraCuu'];
  return { id: code, key: null, version, sequence: null, covers, record, statedAt: null };
}

async function ask({ http, settings }: TaxpayerEndpoint, code: string, call: Call): Promise<JsonObject | null> {
  const { path, parameter } = settings;
  const query = { [parameter]: code };
  try {
    const { body } = await http.ask({ operation: 'taxpayer', effect: 'read', method: 'GET', path, query, signal: call.signal });
    return shaped(answered, body, 'taxpayer').ResultObject;
  } catch (error) {
    if (isTrouble(error) && error.detail.code === 'answers.taxpayer.not-there') return null;
    throw error;
  }
}

/** Texts in NFC; a code that came as a number has its zeros again. A look-up gives no stage: that somebody is there is the stage. */
function recordOf(stated: JsonObject, asked: string): JsonObject {
  const text = (name: string, value: Json | undefined): readonly (readonly [string, string])[] => {
    if (typeof value !== 'string' && typeof value !== 'number') return [];
    const plain = String(value).normalize('NFC').trim();
    if (plain === '') return [];
    return [[name, name === 'ENTERPRISE_GDT_CODE' && typeof value === 'number' ? plain.padStart(asked.length, '0') : plain]];
  };
  return { ...Object.fromEntries(FIELDS.flatMap((name) => text(name, stated[name]))), KetQuaTraCuu: 'co-ban-ghi' };
}

const another = (): Trouble =>
  new Trouble({
    kind: 'unknown',
    scope: 'record',
    code: 'taxpayer.another',
    vi: 'Tra cứu người nộp thuế trả lời bằng bản ghi của mã số khác.',
    en: 'The look-up of taxpayers answered with a record of another code.',
  });
