import { z } from 'zod';
import { type AdapterPorts, type Call, type HttpClient, type Json, openSoap, Trouble } from '../../src/kit/index.ts';
import type { Config } from './config.ts';
import type { LookUpName } from './wire.ts';

/** One look-up by code over whatever carries it. An empty list is "not there"; anything but a list is trouble. */
export type LookUp = (which: LookUpName, code: string, call: Call) => Promise<readonly Json[]>;

/** `GET …?msdn=` and `GET …?mst=` through the provincial gateway. SOURCED TD. */
export const overRest =
  (http: HttpClient, config: Config): LookUp =>
  async (which, code, call) => {
    const { path, parameter, listAt } = config[which];
    const query = { [parameter]: code };
    const answer = await http.ask({ operation: which, effect: 'read', method: 'GET', path, query, signal: call.signal });
    return listIn(answer.body, listAt);
  };

/** The same questions to the operations of a WSDL. INFERENCE. */
export async function overSoap(http: HttpClient, config: Config, ports: AdapterPorts): Promise<LookUp> {
  const { path, wsdl, version, port, token } = config.soap;
  const named = { ...(port === undefined ? {} : { port }), ...(token === null ? {} : { token }) };
  const client = await openSoap({ http, ports, wsdl, path, version, ...named });
  return async (which, code, { signal }) => {
    const { operation, parameter, listAt } = config.soap[which];
    const args = { [parameter]: code };
    const { body } = await client.call({ operation, answers: which, effect: 'read', args, shape: z.json(), signal });
    return xmlListIn(body as Json, listAt);
  };
}

/** XML has no empty list: the element around the records is there, and holds none. */
function xmlListIn(body: Json, listAt: string): readonly Json[] {
  const around = listAt.split('.').slice(0, -1);
  const within = around.reduce<unknown>((here, name) => (isObject(here) ? here[name] : undefined), body);
  return within === null || (isObject(within) && Object.keys(within).length === 0) ? [] : listIn(body, listAt);
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The list at its place in the answer; an answer without it says nothing of the record. */
export function listIn(body: Json, listAt: string): readonly Json[] {
  const found = (listAt === '' ? [] : listAt.split('.')).reduce<unknown>(
    (here, name) =>
      typeof here === 'object' && here !== null && !Array.isArray(here) ? (here as Record<string, unknown>)[name] : undefined,
    body,
  );
  if (Array.isArray(found)) return found as readonly Json[];
  throw new Trouble({
    kind: 'unknown',
    scope: 'record',
    code: 'answer.no-list',
    vi: 'Cơ quan đăng ký kinh doanh trả lời không đúng cấu trúc đã biết.',
    en: 'The business registry answered in a shape that is not known.',
  });
}
