import { join } from 'node:path';
import { chance, clock, type House, type Running } from '../assemble.ts';
import type { Config } from '../config.ts';
import { hashSecret, SCOPES } from '../http/accounts.ts';
import type { EventFeed } from '../http/feed.ts';
import { momentOf } from '../http/shapes.ts';
import type { FormBook } from '../intake/forms.ts';
import type { RecordKind, Simulator } from '../kit/contract.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { DossierDocument } from '../sync/contract.ts';
import { openApi, type SeenDossier } from './api.ts';
import { type People, type Scene, sceneOf } from './people.ts';
import type { SimulatedSystem } from './simulators.ts';
import { openPlayed, type PlayedSteps } from './state.ts';
import type { Story } from './story.ts';

/** What plays on the stage: the people, the dossiers they know and how far each story is. */
export interface Stage {
  readonly people: People;
  readonly forms: FormBook;
  readonly feed: EventFeed;
  readonly played: PlayedSteps;
  readonly seen: Map<string, SeenDossier>;
  readonly scenes: Map<string, Scene>;
  /** Refused at the counter; nothing further happens with them. */
  readonly refused: Set<string>;
  /** What can be done with a kind of record at a system, as far as it decides whether anything comes by itself. */
  kindOf(system: string, record: string): RecordKind | undefined;
}

export interface StageParts {
  readonly house: House;
  readonly running: Running;
  readonly simulators: ReadonlyMap<string, SimulatedSystem>;
  readonly config: Config;
  readonly story: Story;
}

const ofRole = (role: string, { simulators, config }: Pick<StageParts, 'simulators' | 'config'>) =>
  [...simulators].filter(([name]) => config.systems[name]?.role === role);

export const ministriesOf = (parts: Pick<StageParts, 'simulators' | 'config'>): People['ministries'] => new Map(ofRole('ministry', parts));

export async function openStage(parts: StageParts): Promise<Stage> {
  const { house, running, simulators, config, story } = parts;
  const [[, oneStop] = []] = ofRole('one-stop', parts);
  if (oneStop === undefined) throw new Error('the configuration names no simulated one-stop system');
  const api = openApi(running.url, await demoToken(house));
  for (const [name, simulator] of simulators) await tellOf(simulator, `${running.url}/callbacks/${name}`);
  return {
    people: { api, oneStop, ministries: ministriesOf(parts), story },
    forms: house.forms,
    feed: house.feed,
    played: await openPlayed(join(config.data, 'demo')),
    seen: new Map(),
    scenes: new Map(story.dossiers.map((document) => [sceneOf(document).code, sceneOf(document)])),
    refused: new Set(),
    kindOf: (system, record) => house.systems.get(system)?.spoke.kinds[record],
  };
}

/** A fresh token for this run; it is kept in memory only and ends by itself. */
async function demoToken({ store }: House): Promise<string> {
  const secret = `${chance.id()}${chance.id()}`;
  const now = clock.now();
  await store.write((tx) =>
    tx.tokens.insert({
      ...{ id: chance.id(), name: 'demo-counter', scopes: [...SCOPES], agencies: null, createdAt: now, revokedAt: null },
      hash: hashSecret(secret),
      expiresAt: now + 86_400_000,
    }),
  );
  return secret;
}

/** Where a system that calls back sends what happens there; the others have no such door. */
export async function tellOf(simulator: Simulator, url: string): Promise<void> {
  const answer = await fetch(new URL('/__control/webhook', simulator.baseUrl), { method: 'POST', body: JSON.stringify({ url }) });
  if (!answer.ok && answer.status !== 404) throw new Error(`a simulated system did not take its callback address (${answer.status})`);
}

/** A parsed document as its sender would write it. */
export const bodyOf = ({ head, body, supplements }: DossierDocument): JsonObject => ({
  code: head.code,
  ...(head.nationalCode === null ? {} : { nationalCode: head.nationalCode }),
  procedure: head.procedure,
  agency: head.agency,
  status: head.status,
  ...(head.revision === null ? {} : { revision: head.revision }),
  receivedAt: momentOf(head.receivedAt),
  ...(head.dueAt === null ? {} : { dueAt: momentOf(head.dueAt) }),
  form: head.form,
  applicant: body.applicant,
  data: body.data,
  ...(body.files.length === 0 ? {} : { files: body.files as unknown as Json }),
  ...(supplements === 0 ? {} : { supplements }),
});
