import {
  controlRoutes,
  type JsonObject,
  runAlone,
  runSimulator,
  type Simulator,
  type SimulatorAnswer,
  type SimulatorDesk,
  type SimulatorRequest,
  type SimulatorRow,
  type StartSimulator,
} from '../../src/kit/index.ts';
import { outsideCode, portalKind, receivedBetween, said, serve, takenIn, toWire } from './simulator/ministry.ts';
import { isObject, KINDS, type KindName } from './wire.ts';

/** Both feeds of the former ministry and the police desk in miniature. Ids are the ministry's dossier codes. */

const ACCOUNT = { username: 'motlan', password: 'motlan-feed-password' } as const;
const KEY = 'motlan-feed-key';
const UNIT = '000.00.18.H12';
const SESSION_MS = 1_800_000;
/** Earlier than anything that is typed here. */
const SINCE_DAYS = 7;

export interface LicenceSimulator extends Simulator {
  /** Every session given out so far ends now. */
  endSessions(): void;
}

export async function startLicences(options: Parameters<StartSimulator>[0]): Promise<LicenceSimulator> {
  const held: { desk?: SimulatorDesk; simulator?: Simulator } = {};
  const sessions = new Map<string, number>();
  let given = 0;
  const logIn = (request: SimulatorRequest): SimulatorAnswer => {
    const { username, password } = request.json() as JsonObject;
    if (username !== ACCOUNT.username || password !== ACCOUNT.password) return said(-2, 'Sai tài khoản hoặc mật khẩu');
    given += 1;
    sessions.set(`phien-${given}`, options.clock.now() + SESSION_MS);
    return { status: 200, json: { error_code: '0', result: 'ok', session: `phien-${given}` } };
  };
  const base = await runSimulator(options, {
    kinds: Object.fromEntries(KINDS.map((kind) => [kind, portalKind(kind)])),
    config: (baseUrl) => ({
      baseUrl,
      feedA: { ...ACCOUNT, unit: UNIT },
      feedB: { govAgencyCode: UNIT, apiKey: KEY },
      since: new Date(options.clock.now() - SINCE_DAYS * 86_400_000).toISOString().slice(0, 10),
      timeoutMs: 5_000,
      limits: { concurrent: 4, perSecond: null, perDay: null },
    }),
    routes: (desk) => {
      held.desk = desk;
      return [
        { method: 'POST', path: '/apiDVC-GPLX/tcdbdvcdata/mapi/login', effect: 'log-in', run: logIn },
        {
          method: 'POST',
          path: '/apiDVC-GPLX/tcdbdvcdata/mapi/g',
          effect: 'read',
          run: (request) => {
            const body = request.json() as JsonObject;
            const isLive = (sessions.get(String(body.session)) ?? 0) > options.clock.now();
            return isLive ? serve(desk, body) : said(-5, 'Phiên làm việc không hợp lệ hoặc đã hết hạn');
          },
        },
        { method: 'GET', path: '/apiGTVT/danhsachhoso', effect: 'read', run: (request) => notices(desk, request.query) },
        ...controlRoutes(() => simulatorOf(held), options.clock),
      ];
    },
  });
  if (held.desk === undefined) throw new RangeError('the simulator has no desk');
  const simulator = { ...overPortal(base, held.desk), endSessions: () => sessions.clear() };
  held.simulator = simulator;
  return simulator;
}

function simulatorOf({ simulator }: { readonly simulator?: Simulator }): Simulator {
  if (simulator === undefined) throw new RangeError('the simulator is still starting');
  return simulator;
}

function notices(desk: SimulatorDesk, query: URLSearchParams): SimulatorAnswer {
  if (query.get('GovAgencyCode') !== UNIT) return { status: 200, json: { error_code: -301 } };
  if (query.get('APIKey') !== KEY) return { status: 200, json: { error_code: -303 } };
  const found = receivedBetween(
    desk.rows('licence-notice'),
    'licence-notice',
    query.get('ReceiveFromDate') ?? '',
    query.get('ReceiveToDate') ?? '',
  );
  const data = desk.shuffled(desk.repeated(found)).map(({ record }) => toWire(record));
  return { status: 200, json: { total: data.length, data } };
}

const idOf = (kind: KindName, row: SimulatorRow): string => outsideCode(kind, row.record) ?? row.id;

/** The same simulator with outside ids. */
function overPortal(base: Simulator, desk: SimulatorDesk): Simulator {
  const rowOf = (kind: string, id: string): SimulatorRow => {
    const row = desk.rows(kind).find((one) => idOf(kind as KindName, one) === id);
    if (row === undefined) throw new RangeError(`no ${kind} with this id`);
    return row;
  };
  return {
    ...base,
    records: (kind) => desk.rows(kind).map((row) => ({ id: idOf(kind as KindName, row), key: null, record: row.record })),
    typeByHand: (kind, typed) => {
      const record = takenIn(kind as KindName, typed, desk.rows(kind).length + 1, desk.now());
      return idOf(kind as KindName, desk.add(kind, { key: null, record, byHand: true }, 'type-by-hand'));
    },
    edit: (kind, id, changes) => {
      const row = rowOf(kind, id);
      desk.change(kind, row.id, { record: within(row.record, changes) }, null);
    },
    advance: (kind, id, stage, fields = {}) => {
      const row = rowOf(kind, id);
      const moved = kind === 'licence-copy' ? { ChiTiet: { MaTrangThai: stage } } : { TrangThaiHoSo: stage };
      desk.change(kind, row.id, { stage, record: within(within(row.record, moved), fields) }, null);
    },
  };
}

/** The record with the changed fields inside the objects they stand in. */
const within = (held: JsonObject, changes: JsonObject): JsonObject => ({
  ...held,
  ...Object.fromEntries(
    Object.entries(changes).map(([name, value]) => {
      const inner = held[name];
      return [name, isObject(inner) && isObject(value) ? within(inner, value) : value];
    }),
  ),
});

const start: StartSimulator = startLicences;
export default start;

await runAlone(import.meta.url, start);
