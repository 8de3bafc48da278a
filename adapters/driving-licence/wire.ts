import { type Json, type JsonObject, Trouble } from '../../src/kit/index.ts';

/** `licence-copy` is feed A, `licence-notice` feed B; `licence-exchange` is the police era, where nothing can be asked. */
export const KINDS = ['licence-copy', 'licence-notice', 'licence-exchange'] as const;
export type KindName = (typeof KINDS)[number];

/** Codes that a system may write as a whole number and so rob of their zeros: their true width. */
export const DIGITS: Readonly<Record<string, number>> = { MaTinh: 2, MaHuyen: 3, MaXa: 5 };

export const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The list at its dotted place; null where there is none. */
export function listAt(body: Json, place: string): readonly Json[] | null {
  const found = (place === '' ? [] : place.split('.')).reduce<unknown>((here, name) => (isObject(here) ? here[name] : undefined), body);
  return Array.isArray(found) ? (found as readonly Json[]) : null;
}

export const noList = (): Trouble =>
  new Trouble({
    kind: 'unknown',
    scope: 'record',
    code: 'answer.no-list',
    vi: 'Hệ thống giấy phép lái xe trả lời không đúng cấu trúc đã biết.',
    en: 'The driving-licence system answered in a shape that is not known.',
  });
