import type { AnswerTable, HttpClient } from '../../src/kit/index.ts';
import type { Config } from './config.ts';
import type { Kind } from './kinds.ts';

/** What every verb of one kind works with. */
export interface Endpoint {
  readonly kind: Kind;
  readonly config: Config;
  readonly answers: AnswerTable;
  /** The civil-status calls, through the provincial gateway. */
  readonly http: HttpClient;
  /** The national linked service; null where it is not configured. */
  readonly dvclt: HttpClient | null;
}
