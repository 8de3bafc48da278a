import { createHash } from 'node:crypto';
import {
  type Call,
  classify,
  element,
  elementAt,
  elementsIn,
  isTrouble,
  type JsonObject,
  type ReadVerb,
  type Sighting,
  Trouble,
  type XmlElement,
  xmlJson,
  xmlText,
  xmlTextAt,
} from '../../src/kit/index.ts';
import { partsOf } from './document.ts';
import { fromXml, schemaAt } from './fields.ts';
import { readIso } from './time.ts';
import type { Endpoint } from './wire.ts';

/** Processing answers by our key. What an answer does not speak of is not answered; null only where it says "not there". */
export const read = (endpoint: Endpoint): ReadVerb => ({
  by: 'key',
  most: endpoint.gateway.mostKeys,
  run: async (ids, call) => {
    const found = new Map<string, Sighting | null>();
    const troubles: Trouble[] = [];
    for (let from = 0; from < ids.length; from += endpoint.gateway.mostKeys) {
      const keys = ids.slice(from, from + endpoint.gateway.mostKeys);
      for (const stated of await ask(endpoint, keys, call)) {
        const key = xmlTextAt(stated, 'MTDTChieu') ?? '';
        if (!keys.includes(key)) continue;
        const looked = lookAt(endpoint, key, stated);
        if (looked instanceof Trouble) troubles.push(looked);
        else if (differs(found.get(key), looked)) throw unreadable('twins');
        else found.set(key, looked);
      }
    }
    const [first] = troubles;
    if (found.size === 0 && first !== undefined) throw first;
    return found;
  },
});

/** Two statements of one key that are not the same. */
const differs = (before: Sighting | null | undefined, now: Sighting | null): boolean =>
  before !== undefined && before?.version !== now?.version;

/** The `KQua` elements of one look-up that are of our schema; what is not is not answered. */
export async function ask({ http, gateway, answerXsd }: Endpoint, keys: readonly string[], call: Call): Promise<readonly XmlElement[]> {
  const question = element(
    'TraCuu',
    keys.map((key) => element('MTDiep', [key])),
  );
  const answer = await http.ask({
    operation: 'lookup',
    effect: 'read',
    method: 'POST',
    path: gateway.lookupPath,
    xml: xmlText(question),
    answer: 'xml',
    signal: call.signal,
  });
  if (answer.xml === undefined) throw unreadable('answer');
  return believed(answer.xml, (one) => answerXsd.check(xmlText(one)).length === 0);
}

/** Where the whole breaks the schema, each state is judged alone. Where none is to blame, or all are, the whole is. */
function believed(whole: XmlElement, fits: (one: XmlElement) => boolean): readonly XmlElement[] {
  const states = elementsIn(whole, 'KQua');
  if (fits(whole)) return states;
  const frame = whole.children.filter((child) => typeof child === 'string' || child.name !== 'KQua');
  const good = states.filter((one) => fits({ ...whole, children: [...frame, one] }));
  if (good.length === 0 || good.length === states.length) throw unreadable('answer');
  return good;
}

/** One record that cannot be read spoils no other. */
function lookAt(endpoint: Endpoint, key: string, stated: XmlElement): Sighting | null | Trouble {
  const body = xmlJson(stated).KQua ?? null;
  const outcome = classify(endpoint.answers, 'element', { status: 200, body });
  if (outcome.is === 'trouble') return outcome.detail.code.endsWith('.not-there') ? null : new Trouble(outcome.detail);
  try {
    return sightingOf(endpoint, key, stated);
  } catch (error) {
    if (isTrouble(error)) return error;
    throw error;
  }
}

/** Covers the state always, and the declaration only where the answer repeats it. */
function sightingOf(endpoint: Endpoint, key: string, stated: XmlElement): Sighting {
  const document = elementAt(stated, 'TKhai.HSoThueDTu');
  const parts = document === null ? {} : partsOf(endpoint, document);
  const result = fromXml(stated, schemaAt(endpoint.schema, 'KQua')) as JsonObject;
  const record = { TTChung: { MTDiep: key }, ...parts, KQua: result };
  const time = result.TGXLy;
  const at = typeof time === 'string' ? readIso(time) : null;
  if (time !== undefined && at === null) throw unreadable('time');
  return {
    id: key,
    key,
    version: createHash('sha256').update(JSON.stringify(record)).digest('hex').slice(0, 32),
    sequence: at,
    covers: ['TTChung.MTDiep', ...(document === null ? [] : ['TKhaiThue', 'NNT', 'DLyThue', 'CTieuTKhaiChinh']), 'KQua'],
    record,
    statedAt: at,
  };
}

const WORDS = {
  answer: ['Kết quả tra cứu thuế không đúng lược đồ đã biết.', 'The look-up answer is not of the known schema.'],
  time: ['Thời gian xử lý do cơ quan thuế nêu không đọc được.', 'The time the tax office states cannot be read.'],
  twins: ['Cơ quan thuế nêu hai kết quả khác nhau cho cùng một mã.', 'The tax office states two different results for one key.'],
} as const;

const unreadable = (what: keyof typeof WORDS): Trouble =>
  new Trouble({ kind: 'unknown', scope: 'record', code: `lookup.${what}`, vi: WORDS[what][0], en: WORDS[what][1] });
