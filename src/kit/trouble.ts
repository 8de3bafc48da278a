import type { TroubleKind, TroubleScope } from '../model/words.ts';

/** A refusal that names a field of the record in the system's own words. No values, ever. */
export interface FieldIssue {
  readonly path: string;
  readonly code: string;
  readonly vi: string;
  readonly en: string;
}

export interface TroubleDetail {
  readonly kind: TroubleKind;
  readonly scope: TroubleScope;
  /** Stable, e.g. `http.503`, `answers.send.7`. */
  readonly code: string;
  readonly vi: string;
  readonly en: string;
  readonly issues?: readonly FieldIssue[];
  /** How long the system asked us to wait. */
  readonly retryAfterMs?: number;
}

/** The one error an adapter throws. Its message and detail never hold a value of a record. */
export class Trouble extends Error {
  override readonly name = 'Trouble';
  readonly detail: TroubleDetail;
  constructor(detail: TroubleDetail, options?: ErrorOptions) {
    super(`${detail.kind}/${detail.scope} ${detail.code}: ${detail.en}`, options);
    this.detail = detail;
  }
}

export const isTrouble = (error: unknown): error is Trouble => error instanceof Trouble;
