import type { JsonObject } from '../../model/json.ts';
import type { Answer, AnswerRow } from '../answers.ts';

/** An answer that only this row's own conditions shape; null where a pattern cannot be turned round. */
export function sampleOf(row: AnswerRow): Answer | null {
  if (row.matches.length > 0) return null;
  const texts = [...row.field, ...row.says].map(([path, parts]) => [path, parts[0] ?? ''] as const);
  const whole = texts.find(([path]) => path === '')?.[1];
  const shape = row.shape ?? (whole === undefined ? 'json' : 'text');
  const body = texts.filter(([path]) => path !== '').reduce<JsonObject>((object, [path, text]) => put(object, path.split('.'), text), {});
  const status = Number((row.http?.[0] ?? '200').replace('xx', '99'));
  if (shape === 'json' || shape === 'xml' || shape === 'fault') return { status, body, shape };
  return { status, body: null, shape, text: whole ?? '' };
}

function put(object: JsonObject, [name = '', ...rest]: readonly string[], text: string): JsonObject {
  if (rest.length === 0) return { ...object, [name]: text };
  return { ...object, [name]: put((object[name] as JsonObject | undefined) ?? {}, rest, text) };
}
