import type { AnswerTable, HttpClient, JsonObject } from '../../src/kit/index.ts';
import type { Config } from './config.ts';
import type { KindName } from './wire.ts';

/** What every verb of one kind works with. */
export interface Endpoint {
  readonly kind: KindName;
  readonly schema: JsonObject;
  readonly config: Config;
  readonly answers: AnswerTable;
  /** The civil-status calls, through the provincial gateway. */
  readonly http: HttpClient;
  /** The national linked service; null where it is not configured. */
  readonly dvclt: HttpClient | null;
}
