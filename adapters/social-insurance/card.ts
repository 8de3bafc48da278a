import { createHash } from 'node:crypto';
import { z } from 'zod';
import {
  type Auth,
  type Call,
  type FindVerb,
  type HttpAnswer,
  isTrouble,
  type JsonObject,
  type Secret,
  type Sighting,
  session,
  shaped,
} from '../../src/kit/index.ts';
import type { Gateway } from './endpoint.ts';
import { conform } from './stated.ts';
import { plainText } from './text.ts';

/** The health-insurance card gateway: a look-up by card, insurance or identity number together with name and birth date. */

const tokenAnswer = z.looseObject({ APIKey: z.looseObject({ access_token: z.string().min(1), id_token: z.string().min(1) }) });

/** User and MD5 of the password in, two tokens out (SOURCED BHYT-GW). */
export const gatewayAuth = (options: {
  readonly path: string;
  readonly username: string;
  readonly password: Secret;
  readonly livesMs: number;
}): Auth =>
  session({
    path: options.path,
    body: () => ({ username: options.username, password: createHash('md5').update(options.password.reveal()).digest('hex') }),
    token: (answer) => {
      const read = tokenAnswer.safeParse(answer);
      return read.success ? JSON.stringify([read.data.APIKey.access_token, read.data.APIKey.id_token]) : null;
    },
    livesMs: options.livesMs,
    headers: (tokens) => {
      const [access, id] = JSON.parse(tokens) as readonly [string, string];
      return { authorization: `Bearer ${access}`, 'id-token': id };
    },
  });

export interface CardHolder {
  readonly maThe: string;
  readonly hoTen: string;
  readonly ngaySinh: string;
}

const text = z.union([z.string(), z.number()]).transform(plainText).nullish();
const answer = z.looseObject({ maKetQua: text, maThe: text, gtTheTu: text, gtTheDen: text, maDKBD: text, tenDKBD: text });

/** Card fields, or null where the gateway says that there is no such card. */
export async function cardOf(gateway: Gateway, holder: CardHolder, call: Call): Promise<JsonObject | null> {
  const stated = await lookUp(gateway, holder, call);
  if (stated === null) return null;
  const { maThe, gtTheTu, gtTheDen, maDKBD, tenDKBD } = shaped(answer, stated.body, 'card');
  return { maThe: maThe ?? null, gtTheTu: gtTheTu ?? null, gtTheDen: gtTheDen ?? null, maDKBD: maDKBD ?? null, tenDKBD: tenDKBD ?? null };
}

async function lookUp(gateway: Gateway, holder: CardHolder, call: Call): Promise<HttpAnswer | null> {
  try {
    return await renewedOnce(gateway, () => ask(gateway, holder, call));
  } catch (error) {
    if (isTrouble(error) && error.detail.code === 'answers.card.not-there') return null;
    throw error;
  }
}

/** The gateway also says "401" inside an answer of HTTP 200 (MEMORY): the token is renewed once then too. */
async function renewedOnce<T>(gateway: Gateway, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!isTrouble(error) || error.detail.code !== 'answers.card.unauthorised') throw error;
    gateway.auth.forget();
    return ask();
  }
}

const ask = ({ http, config }: Gateway, holder: CardHolder, call: Call): Promise<HttpAnswer> =>
  http.ask({
    operation: 'card',
    effect: 'read',
    method: 'POST',
    path: config.lookUpPath,
    json: { ...holder, hoTenCb: config.hoTenCb, cccdCb: config.cccdCb },
    signal: call.signal,
  });

/** `maThe` may be a card, an insurance number or an identity number. Only looked up: nothing is written here. */
export const findCard = (gateway: Gateway, schema: JsonObject): FindVerb => ({
  by: [['maThe', 'hoTen', 'ngaySinh']],
  unique: true,
  indexLagMs: 0,
  run: async (fields, call) => {
    const holder = { maThe: String(fields.maThe ?? ''), hoTen: String(fields.hoTen ?? ''), ngaySinh: String(fields.ngaySinh ?? '') };
    const stated = await lookUp(gateway, holder, call);
    return stated === null ? [] : [sightingOf(schema, holder, stated)];
  },
});

function sightingOf(schema: JsonObject, holder: CardHolder, stated: HttpAnswer): Sighting {
  const read = shaped(answer, stated.body, 'card');
  const record = conform({ ...holder, ...(read as unknown as JsonObject) }, schema, '') as JsonObject;
  return { id: String(record.maThe), key: null, version: null, sequence: null, covers: Object.keys(record), record, statedAt: null };
}
