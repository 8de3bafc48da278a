import { type Call, type JsonObject, type ReadVerb, readOneByOne, type Sighting, Trouble } from '../../src/kit/index.ts';
import { sightingOf } from './stated.ts';
import type { LookUp } from './transport.ts';
import { CODE, KINDS, type KindName } from './wire.ts';

/** Ids of one call; each is a look-up of its own, so the number only bounds the work. */
export const MOST_IDS = 10;

/** What every read of one kind works with. */
export interface Endpoint {
  readonly kind: KindName;
  readonly schema: JsonObject;
  readonly lookUp: LookUp;
}

/**
 * By the code an official types back. null only where the registry answers with an empty list, or states another event of the
 * registration than the one meant: that is not there yet. One unreadable record spoils no other.
 */
export const read = (endpoint: Endpoint): ReadVerb => ({
  by: 'id',
  most: MOST_IDS,
  run: (ids, call) => readOneByOne(ids, (id) => lookAt(endpoint, id, call)),
});

/** The first of the codes that the registry knows. */
async function lookAt({ kind, schema, lookUp }: Endpoint, id: string, call: Call): Promise<Sighting | null> {
  const which = KINDS[kind];
  const named = namedBy(id);
  for (const code of named.codes) {
    const elements = (await lookUp(which, code, call)).map(objectOf);
    const [element, ...others] = elements;
    if (element === undefined) continue;
    if (others.length > 0) throw several();
    const sighting = sightingOf(which, schema, id, element);
    if (!answersTo(sighting.record, CODE[which], code)) throw another();
    return isMeant(sighting.record, named) ? sighting : null;
  }
  return null;
}

/** A household is also asked for by its owner's personal ID, its tax code since 07/2025, and may still state the older code. */
function answersTo(record: JsonObject, codeField: string, asked: string): boolean {
  const owner = record.ChuHoKinhDoanh as JsonObject | undefined;
  return [record[codeField], record.MaSoDangKyHKD, owner?.SoGiayChungThuc].includes(asked);
}

function objectOf(element: unknown): JsonObject {
  if (typeof element === 'object' && element !== null && !Array.isArray(element)) return element as JsonObject;
  throw another();
}

/** What an official typed back: the codes to ask for, and which event of that registration is meant. */
export interface Named {
  readonly codes: readonly string[];
  /** The record must have been changed this often. */
  readonly count: number | null;
  /** Day on which the suspension begins, `dd/MM/yyyy`. */
  readonly suspendedFrom: string | null;
}

/**
 * `9912345671/2` is the second change of that registration, as the certificate words it; `9912345671/01122026` its suspension
 * from 01/12/2026: so two dossiers of one household never share a number. Several codes of one household may stand together:
 * the 12-digit tax code (the owner's personal ID since 07/2025) is asked for first.
 */
export function namedBy(id: string): Named {
  const parts = id.trim().split(/[\s,;]+/u);
  const [, bare, event = ''] = /^(.+)\/(\d{8}|\d{1,3})$/u.exec(parts.at(-1) ?? '') ?? [];
  const codes = [...parts.slice(0, -1), bare ?? parts.at(-1) ?? ''].filter((code) => code !== '');
  const isNew = (code: string): number => (/^\d{12}$/u.test(code) ? 0 : 1);
  return {
    codes: codes.sort((a, b) => isNew(a) - isNew(b)),
    count: event.length > 0 && event.length < 8 ? Number(event) : null,
    suspendedFrom: event.length === 8 ? `${event.slice(0, 2)}/${event.slice(2, 4)}/${event.slice(4)}` : null,
  };
}

/** An earlier registration, or another suspension, is not the one meant. A day that is not stated cannot tell them apart. */
function isMeant(record: JsonObject, { count, suspendedFrom }: Named): boolean {
  if (count !== null && Number(record.SoLanDangKyThayDoi ?? 0) < count) return false;
  const from = (record.TinhTrangPhapLy as JsonObject | undefined)?.NgayBatDauTamNgung;
  return suspendedFrom === null || from === undefined || from === suspendedFrom;
}

const several = (): Trouble =>
  new Trouble({
    kind: 'unknown',
    scope: 'record',
    code: 'element.twins',
    vi: 'Cơ quan đăng ký kinh doanh nêu nhiều bản ghi cho cùng một mã số.',
    en: 'The business registry states several records under one code.',
  });

const another = (): Trouble =>
  new Trouble({
    kind: 'unknown',
    scope: 'record',
    code: 'element.another',
    vi: 'Cơ quan đăng ký kinh doanh trả lời bằng bản ghi của mã số khác.',
    en: 'The business registry answered with a record of another code.',
  });
