import {
  type Clock,
  controlRoutes,
  type Json,
  type JsonObject,
  runAlone,
  runSimulator,
  type Simulator,
  type SimulatorAnswer,
  type SimulatorDesk,
  type SimulatorRequest,
  type SimulatorRoute,
  type SimulatorRow,
  type StartSimulator,
  secret,
  sign,
} from '../../src/kit/index.ts';
import { KIND, MESSAGES, type MessageName, stateOf, writeStamp } from './wire.ts';

/** The land system in miniature, and the gateway that signs for it. It proves the adapter, not the real system. */

export const CALLBACK_KEY = 'land-callback-key';
export const SECURITY_CODE = 'land-security-code';
const LOG_IN = { client_id: 'motlan', client_secret: 'land-client-secret', username: 'motcua', password: 'land-password' };
const TOKEN = 'land-access-token';
const PAUSES_MS = [50, 100, 200, 500, 1_000, 2_000];

export interface LandSimulator extends Simulator {
  /** Where messages are called in to. */
  callback(url: string): void;
  /** Puts a paper there; gives its address. */
  putPaper(bytes: Uint8Array): string;
  /** Resolves when every message was taken. */
  told(): Promise<void>;
}

const text = (value: Json | undefined): string => (typeof value === 'string' ? value : '');
const said = (data: 0 | 1, message = ''): SimulatorAnswer => ({ status: 200, json: { data, message } });

/** What is said last of a record: its state names the message, its part holds the fields. */
export function bodyOf(record: JsonObject, at: number): Uint8Array {
  const name = text(record.trangThai).split('/')[0] ?? '';
  const { SoBienNhan, MaHoSoMotCua } = record;
  const head = { SecurityCode: SECURITY_CODE, ThongDiep: name, ThoiDiem: new Date(at).toISOString(), SoBienNhan, MaHoSoMotCua };
  return Buffer.from(JSON.stringify({ ...(record[name] as JsonObject | undefined), ...head }), 'utf8');
}

export const headersOf = (at: number, nonce: string, body: Uint8Array): Readonly<Record<string, string>> => ({
  'content-type': 'application/json',
  ...sign(secret(CALLBACK_KEY), { at, nonce, body }),
});

export async function startLand(options: Parameters<StartSimulator>[0]): Promise<LandSimulator> {
  const held: { desk?: SimulatorDesk; simulator?: LandSimulator } = {};
  const simulator = () => {
    if (held.simulator === undefined) throw new RangeError('the simulator is still starting');
    return held.simulator;
  };
  const base = await runSimulator(options, {
    kinds: {
      [KIND]: {
        naturalKey: (record) => text(record.SoBienNhan),
        firstStage: 'TiepNhanHoSo',
        id: (n) => `DAT-${String(n).padStart(6, '0')}`,
        // Until it has ended anything may be said of a dossier.
        stages: { KetThuc: [] },
      },
    },
    config: (baseUrl) => ({
      ...{ baseUrl, clientId: LOG_IN.client_id, clientSecret: LOG_IN.client_secret },
      ...{ username: LOG_IN.username, password: LOG_IN.password, callbackKey: CALLBACK_KEY, securityCode: SECURITY_CODE },
      ...{ landsWithinMs: 2_000, timeoutMs: 5_000, limits: { concurrent: 4, perSecond: null, perDay: null } },
    }),
    routes: (desk) => {
      held.desk = desk;
      return [...routesOf(desk), webhook((url) => held.simulator?.callback(url)), ...controlRoutes(simulator, options.clock)];
    },
  });
  if (held.desk === undefined) throw new RangeError('the simulator has no desk');
  const made = overDesk(base, held.desk, options.clock);
  held.simulator = made;
  return made;
}

const routesOf = (desk: SimulatorDesk): SimulatorRoute[] => [
  { method: 'POST', path: '/connect/token', effect: 'log-in', run: logIn },
  route('POST', '/api/motcua/TiepNhanHoSo', 'write', (request) => receive(desk, request.json() as JsonObject)),
  route('POST', '/api/motcua/CapNhatTrangThaiBoSung', 'write', (request) => supplied(desk, request.json() as JsonObject)),
  route('POST', '/api/motcua/CapNhatKetQuaTraHoSo', 'write', (request) => returned(desk, request.json() as JsonObject)),
  route('GET', '/tep/:hash', 'read', ({ params }) => {
    const bytes = desk.file(params.hash ?? '');
    return bytes === null ? { status: 410, json: {} } : { status: 200, bytes, headers: { 'content-type': 'application/pdf' } };
  }),
  route('GET', '/', 'read', () => said(1)),
];

const webhook = (to: (url: string) => void): SimulatorRoute => ({
  ...{ method: 'POST', path: '/__control/webhook', effect: 'log-in' },
  run: (request) => {
    to(text((request.json() as JsonObject).url));
    return { status: 200, json: {} };
  },
});

const route = (
  method: string,
  path: string,
  effect: 'read' | 'write',
  run: (request: SimulatorRequest) => SimulatorAnswer,
): SimulatorRoute => ({
  ...{ method, path, effect },
  run: (request) => (request.headers.authorization === `Bearer ${TOKEN}` ? run(request) : { status: 401, json: {} }),
});

function logIn({ body }: SimulatorRequest): SimulatorAnswer {
  const { grant_type: grant, ...given } = Object.fromEntries(new URLSearchParams(Buffer.from(body).toString('utf8')));
  const known = grant === 'password' && Object.entries(LOG_IN).every(([name, value]) => given[name] === value);
  return known ? { status: 200, json: { access_token: TOKEN, expires_in: 3_600 } } : { status: 400, json: { error: 'invalid_grant' } };
}

function receive(desk: SimulatorDesk, record: JsonObject): SimulatorAnswer {
  const key = text(record.SoBienNhan);
  const person = (record.ThongTinNguoiNopDon ?? {}) as JsonObject;
  if (key === '' || text(person.HoTen) === '') return said(0, 'Họ tên người nộp không được để trống');
  if (desk.byKey(KIND, key) !== null && !desk.faults().unsafe) return said(0, 'Số biên nhận đã tồn tại');
  desk.add(KIND, { key, record }, 'create');
  return said(1);
}

function supplied(desk: SimulatorDesk, { SoBienNhan, NgayHenTraMoi }: JsonObject): SimulatorAnswer {
  const row = rowOf(desk, text(SoBienNhan));
  if (row?.stage !== 'ChoBoSung') return said(0, 'Hồ sơ không ở trạng thái chờ bổ sung');
  const DaBoSung = { NgayNhanBoSung: writeStamp(desk.now()), ...(NgayHenTraMoi === undefined ? {} : { NgayHenTraMoi }) };
  desk.change(KIND, row.id, { stage: 'DaBoSung', record: { trangThai: 'DaBoSung', DaBoSung } }, 'supplement');
  return said(1);
}

function returned(desk: SimulatorDesk, { SoBienNhan, NgayTra }: JsonObject): SimulatorAnswer {
  const row = rowOf(desk, text(SoBienNhan));
  if (row?.stage !== 'KetThuc') return said(0, 'Hồ sơ không ở trạng thái kết thúc');
  desk.change(KIND, row.id, { extra: { NgayTra: NgayTra ?? '' }, stage: 'DaTra' }, 'hand-over');
  return said(1);
}

const rowOf = (desk: SimulatorDesk, id: string): SimulatorRow | null =>
  desk.rows(KIND).find((row) => row.id === id || row.record.SoBienNhan === id) ?? null;

/** The same simulator with outside ids, SoBienNhan; what happens to a dossier is called in. */
function overDesk(base: Simulator, desk: SimulatorDesk, clock: Clock): LandSimulator {
  const teller = openTeller(desk, clock);
  const row = (id: string): SimulatorRow => {
    const found = rowOf(desk, id);
    if (found === null) throw new RangeError('no dossier with this id');
    return found;
  };
  return {
    ...base,
    callback: teller.to,
    told: teller.idle,
    putPaper: (bytes) => `${base.baseUrl}/tep/${desk.keepFile(bytes)}`,
    records: (kind) => desk.rows(kind).map(({ key, record, stage }) => ({ id: text(record.SoBienNhan), key, record, stage })),
    typeByHand: (kind, record) => text(row(base.typeByHand(kind, record)).record.SoBienNhan),
    edit: (kind, id, changes) => {
      base.edit(kind, row(id).id, changes);
      teller.tell(row(id).record);
    },
    advance: (kind, id, stage, fields = {}) => {
      const name = MESSAGES.find((each) => each === stage);
      if (name === undefined) throw new RangeError(`no message ${stage}`);
      base.advance(kind, row(id).id, stage, { ...fields, trangThai: stateOf(name, partOf(fields, name)) });
      teller.tell(row(id).record);
    },
    close: async () => {
      teller.close();
      await base.close();
    },
  };
}

const partOf = (fields: JsonObject, name: MessageName): JsonObject => (fields[name] ?? {}) as JsonObject;

/** Each message until a 2xx, so it may come twice or out of order; signed anew for each try, dated once. */
function openTeller(desk: SimulatorDesk, clock: Clock) {
  const stopped = new AbortController();
  const waiting = new Set<Promise<void>>();
  const target = { url: '', count: 0 };
  const deliver = async (body: Uint8Array): Promise<void> => {
    for (let tries = 0; !stopped.signal.aborted; tries += 1) {
      target.count += 1;
      const at = clock.now();
      const status = await desk.send(target.url, headersOf(at, `land-${at}-${target.count}`, body), body);
      if (status !== null && status >= 200 && status < 300) return;
      await clock.sleep(PAUSES_MS[Math.min(tries, PAUSES_MS.length - 1)] ?? 2_000, stopped.signal);
    }
  };
  return {
    to: (url: string): void => {
      target.url = url;
    },
    tell: (record: JsonObject): void => {
      if (target.url === '' || record.trangThai === undefined) return;
      const sent = deliver(bodyOf(record, clock.now())).finally(() => waiting.delete(sent));
      waiting.add(sent);
    },
    idle: async (): Promise<void> => {
      while (waiting.size > 0) await Promise.all(waiting);
    },
    close: (): void => stopped.abort(),
  };
}

const start: StartSimulator = startLand;
export default start;

await runAlone(import.meta.url, start);
