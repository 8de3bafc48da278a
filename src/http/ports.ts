import type { FastifyBaseLogger } from 'fastify';
import type { Secret } from '../kit/secret.ts';
import type { Clock } from '../model/ports.ts';
import type { Store } from '../store/contract.ts';
import type { DossierDocument, Engine } from '../sync/contract.ts';
import type { DuePorts } from './due.ts';
import type { EventFeed } from './feed.ts';
import type { LookPorts } from './looks.ts';

/** What the API stands on; the composition root fills it. */
export interface HttpPorts extends LookPorts, DuePorts {
  readonly store: Store;
  readonly engine: Engine;
  readonly clock: Clock;
  readonly log: FastifyBaseLogger;
  /** Parses and checks a document; throws Refusal with every issue. */
  readonly parse: (body: unknown) => DossierDocument;
  readonly feed: EventFeed;
  readonly webhooks: ReadonlyMap<string, { readonly key: Secret; readonly agencies: readonly string[] | null }>;
  readonly limits: HttpLimits;
  /** False when the engine's loop or the minute tick no longer beats. */
  readonly beats: () => boolean;
}

export interface HttpLimits {
  readonly mostBodyBytes: number;
  readonly requestTimeoutMs: number;
  readonly requestsPerMinute: number;
  /** How far a signed message's time may lie from ours. */
  readonly webhookWindowMs: number;
}
