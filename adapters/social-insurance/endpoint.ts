import type { Auth, Clock, HttpClient, JsonObject } from '../../src/kit/index.ts';
import type { Config } from './config.ts';

export const FILINGS = ['child-card', 'labour-change', 'enterprise-unit', 'household-unit'] as const;
export type FilingKind = (typeof FILINGS)[number];

/** The form each kind is. SOURCED BHXH-PROXY; that a new unit is a TK3-TS: MEMORY. */
export const FORM: Readonly<Record<FilingKind, string>> = {
  'child-card': 'TK1-TS',
  'labour-change': 'D02-TS',
  'enterprise-unit': 'TK3-TS',
  'household-unit': 'TK3-TS',
};

/** One form for two kinds of units: LoaiHinhDonVi tells them apart. INFERENCE. */
export const UNIT: Readonly<Partial<Record<FilingKind, string>>> = { 'enterprise-unit': 'DN', 'household-unit': 'HKD' };

/** Is this form, under its name, one of that kind? */
export const isFormOf = (kind: FilingKind, name: unknown, form: JsonObject): boolean =>
  name === FORM[kind] && (UNIT[kind] === undefined || form.LoaiHinhDonVi === UNIT[kind]);

/** How its files are named. Ours. */
export const fileMark = (kind: FilingKind): string => [FORM[kind], UNIT[kind] ?? []].flat().join('-');

/** The portal and what stands beside it, as every verb of a filing works with them. */
export interface Endpoint {
  readonly kind: FilingKind;
  readonly schema: JsonObject;
  readonly config: Config;
  readonly clock: Clock;
  readonly portal: HttpClient;
  /** null where no card gateway is configured. */
  readonly gateway: Gateway | null;
}

export interface Gateway {
  readonly http: HttpClient;
  readonly auth: Auth;
  readonly config: NonNullable<Config['card']>;
}
