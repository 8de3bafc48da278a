import { type Call, type HttpClient, type Json, Trouble } from '../../src/kit/index.ts';
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
