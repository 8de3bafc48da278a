import type { Auth, Clock, HttpClient, JsonObject } from '../../src/kit/index.ts';
import type { Config } from './config.ts';

export const FILINGS = ['child-card', 'labour-change'] as const;
export type FilingKind = (typeof FILINGS)[number];

/** The form each kind is. SOURCED BHXH-PROXY. */
export const FORM: Readonly<Record<FilingKind, string>> = { 'child-card': 'TK1-TS', 'labour-change': 'D02-TS' };

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
