import type { AnswerTable, HttpClient, JsonObject, Xsd } from '../../src/kit/index.ts';
import type { Gateway } from './config.ts';

/** The declarations that go out, and the messages about land dossiers that come in. */
export const DECLARATIONS = ['first-tax-code', 'business-tax', 'dependant'] as const;
export type DeclarationName = (typeof DECLARATIONS)[number];
export const LAND = ['land-notice', 'land-payment'] as const;

/** Who is a taxpayer is looked up, never registered from here: the registry tells the tax office (NĐ 252/2026, SOURCED DX). */
export const TAXPAYERS = ['enterprise-taxpayer', 'household-taxpayer'] as const;
export type TaxpayerName = (typeof TAXPAYERS)[number];

/** Parts of a declaration, in the order of the document; all stand under TTinTKhaiThue but the last. SOURCED HTKK. */
export const PARTS = ['TKhaiThue', 'NNT', 'DLyThue', 'CTieuTKhaiChinh'] as const;

/** What every verb of one declaration works with. */
export interface Endpoint {
  readonly kind: DeclarationName;
  readonly schema: JsonObject;
  readonly gateway: Gateway;
  readonly answers: AnswerTable;
  readonly http: HttpClient;
  /** The declaration itself, and the answer of a look-up. */
  readonly xsd: Xsd;
  readonly answerXsd: Xsd;
}
