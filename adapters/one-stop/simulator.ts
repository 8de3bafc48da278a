import {
  controlRoutes,
  dataBeside,
  type JsonObject,
  runAlone,
  runSimulator,
  type Simulator,
  type SimulatorAnswer,
  type SimulatorDesk,
  type SimulatorRequest,
  type SimulatorRoute,
  type StartSimulator,
} from '../../src/kit/index.ts';
import { changed, create, fetchFile, keepFile, patch, problem, progress, readMany, readOne, withoutRevision } from './simulator/calls.ts';
import { type Codes, type Found, kindOfRecord, merged, openCodes, recordOf, statusOf, text } from './simulator/documents.ts';
import { isLegal } from './simulator/graph.ts';
import { openWebhook, type Webhook } from './simulator/webhook.ts';

const TOKEN = 'one-stop-token';
const WEBHOOK_KEY = 'one-stop-webhook-key';

/** The one-stop in miniature. Ids are dossier codes; stages are national statuses 1–10. */
export interface OneStopSimulator extends Simulator {
  /** Where what officials do is told to; `/__control/webhook` does the same from another process. */
  webhook(url: string, key?: string): void;
  /** Resolves when every message was taken. */
  told(): Promise<void>;
}

interface Held {
  readonly desk: SimulatorDesk;
  readonly codes: Codes;
  readonly webhook: Webhook;
}

export const startOneStop = async (options: Parameters<StartSimulator>[0]): Promise<OneStopSimulator> => {
  const kinds = dataBeside(import.meta.url, options.overrides ?? null).recordKinds();
  const held: { is?: Held; simulator?: OneStopSimulator } = {};
  const simulator = () => {
    if (held.simulator === undefined) throw new RangeError('the simulator is still starting');
    return held.simulator;
  };
  const base = await runSimulator(options, {
    kinds: Object.fromEntries(
      kinds.map((kind) => [
        kind,
        { naturalKey: (record: JsonObject) => text(record.code), firstStage: 'kept', id: (n: number) => String(n).padStart(9, '0') },
      ]),
    ),
    config: (baseUrl) => ({
      baseUrl,
      token: TOKEN,
      webhookKey: WEBHOOK_KEY,
      landsWithinMs: 2_000,
      timeoutMs: 5_000,
      limits: { concurrent: 16, perSecond: null, perDay: null },
    }),
    routes: (desk) => {
      const codes = openCodes(desk, kinds);
      const webhook = openWebhook(desk, options.clock, () => kinds.flatMap((kind) => desk.rows(kind)));
      held.is = { desk, codes, webhook };
      return [...published(desk, codes), webhookRoute(simulator), ...controlRoutes(simulator, options.clock)];
    },
  });
  if (held.is === undefined) throw new RangeError('the simulator has no desk');
  held.simulator = overDossiers(base, held.is);
  return held.simulator;
};

function published(desk: SimulatorDesk, codes: Codes): readonly SimulatorRoute[] {
  const route = (
    method: string,
    path: string,
    effect: 'read' | 'write',
    run: (request: SimulatorRequest) => SimulatorAnswer,
  ): SimulatorRoute => ({
    method,
    path,
    effect,
    run: (request) => (request.headers.authorization === `Bearer ${TOKEN}` ? run(request) : UNKNOWN_CALLER),
  });
  return [
    route('GET', '/dossiers', 'read', (request) => readMany(desk, codes, request)),
    route('GET', '/dossiers/changes', 'read', (request) => changed(desk, codes, request)),
    route('GET', '/dossiers/:code', 'read', ({ params }) => readOne(codes, params.code ?? '')),
    route('POST', '/dossiers', 'write', (request) => create(desk, codes, request)),
    route('PATCH', '/dossiers/:code', 'write', (request) => patch(desk, codes, request)),
    route('POST', '/dossiers/:code/progress', 'write', (request) => progress(desk, codes, request)),
    route('POST', '/dossiers/:code/files', 'write', (request) => keepFile(desk, request)),
    route('GET', '/dossiers/:code/files/:id', 'read', ({ params }) => fetchFile(desk, params.id ?? '')),
  ];
}

const UNKNOWN_CALLER = problem(401, 'unknown-caller', 'Chưa đăng nhập.', 'The bearer token is not known.');

const webhookRoute = (simulator: () => OneStopSimulator): SimulatorRoute => ({
  method: 'POST',
  path: '/__control/webhook',
  effect: 'log-in',
  run: (request) => {
    const { url, key } = request.json() as JsonObject;
    simulator().webhook(text(url), text(key) || undefined);
    return { status: 200, json: {} };
  },
});

/** What officials do, by dossier code. Each act raises the revision by one and is told. */
function overDossiers(base: Simulator, { desk, codes, webhook }: Held): OneStopSimulator {
  const foundBy = (code: string): Found => {
    const found = codes.find(code);
    if (found === null) throw new RangeError('no dossier with this code');
    return found;
  };
  const act = (code: string, changes: JsonObject, extra: JsonObject, verb: string) => {
    const { kind, row } = foundBy(code);
    webhook.tell(desk.change(kind, row.id, { record: merged(row.record, changes) as JsonObject, whole: true, extra }, verb));
  };
  return {
    ...base,
    webhook: (url, key = WEBHOOK_KEY) => webhook.to(url, key),
    told: webhook.idle,
    records: (kind) => desk.rows(kind).map((row) => ({ id: text(row.record.code), key: row.key, record: recordOf(row) })),
    typeByHand: (kind, record) => {
      if (kindOfRecord(codes, record) !== kind) throw new RangeError(`the form of the record is none of kind ${kind}`);
      if (codes.find(text(record.code)) !== null) throw new RangeError('this dossier code is taken');
      const row = desk.add(kind, { key: null, record: { supplements: 0, ...withoutRevision(record) }, byHand: true }, 'type-by-hand');
      webhook.tell(row);
      return text(record.code);
    },
    edit: (_kind, code, changes) => act(code, changes, {}, 'edit'),
    advance: (_kind, code, stage, fields = {}) => {
      const { row } = foundBy(code);
      const from = statusOf(row);
      const to = Number(stage);
      if (!isLegal(from, to)) throw new RangeError(`a dossier cannot go from status ${from} to ${stage}`);
      const supplied = from === 5 && [1, 2, 4].includes(to) ? { supplements: Number(row.record.supplements ?? 0) + 1 } : {};
      act(code, { ...supplied, ...fields, status: to }, to === 5 ? { beforeSupplement: from } : {}, `status-${to}`);
    },
    restore: () => {
      base.restore();
      codes.forget();
    },
    close: () => {
      webhook.close();
      return base.close();
    },
  };
}

const start: StartSimulator = startOneStop;
export default start;

await runAlone(import.meta.url, start);
