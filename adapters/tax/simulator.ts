import {
  controlRoutes,
  dataBeside,
  type JsonObject,
  openXsd,
  runAlone,
  runSimulator,
  type Simulator,
  type SimulatorDesk,
  type SimulatorRoute,
  type SimulatorRow,
  type StartSimulator,
} from '../../src/kit/index.ts';
import { type Callbacks, openCallbacks } from './simulator/callbacks.ts';
import { lookUp, type Office, submit } from './simulator/calls.ts';
import { CALLBACK_KEY, SECURITY_KEY } from './simulator/messages.ts';
import { declarationKind, landKind, settle, stateOf } from './simulator/office.ts';
import { lookUpTaxpayer, taxpayerKind } from './simulator/taxpayers.ts';
import { DECLARATIONS, type DeclarationName, LAND, TAXPAYERS } from './wire.ts';

/** The tax office and the gateway before it in miniature. Codes and namespace are its own, for the ministry's are not known. */

const NAMESPACE = 'urn:motlan:simulated-tax';
const CODES = { 'first-tax-code': '905', 'business-tax': 'X03', dependant: 'X20' } as const;

export interface TaxSimulator extends Simulator {
  /** Where notices and receipts about land dossiers are told to. */
  callback(url: string, key?: string): void;
  /** Resolves when every message was taken. */
  told(): Promise<void>;
}

interface Held {
  readonly desk: SimulatorDesk;
  readonly callbacks: Callbacks;
}

export async function startTax(options: Parameters<StartSimulator>[0]): Promise<TaxSimulator> {
  const data = dataBeside(import.meta.url, options.overrides ?? null);
  const named = { text: (file: string) => data.text(file).replaceAll('{namespace}', NAMESPACE) };
  const xsds = new Map(await Promise.all(DECLARATIONS.map(async (kind) => [kind, await openXsd(named, `schemas/${kind}.xsd`)] as const)));
  const schemas = new Map(DECLARATIONS.map((kind) => [kind, data.recordSchema(kind)] as const));
  const codes = new Map(DECLARATIONS.map((kind) => [CODES[kind] as string, kind] as const));
  const held: { is?: Held; simulator?: TaxSimulator } = {};
  const simulator = () => {
    if (held.simulator === undefined) throw new RangeError('the simulator is still starting');
    return held.simulator;
  };
  const base = await runSimulator(options, {
    kinds: {
      ...Object.fromEntries(DECLARATIONS.map((kind) => [kind, declarationKind])),
      ...Object.fromEntries(LAND.map((kind) => [kind, landKind(kind === 'land-notice' ? 'ThongBaoThue' : 'ChungTuThue')])),
      ...Object.fromEntries(TAXPAYERS.map((kind) => [kind, taxpayerKind])),
    },
    config: configOf,
    routes: (desk) => {
      const office: Office = { desk, namespace: NAMESPACE, schemas, xsds, codes };
      held.is = { desk, callbacks: openCallbacks(desk, options.clock) };
      return [
        { method: 'POST', path: '/thue/1.0/nopToKhai', effect: 'write', run: (request) => submit(office, request) },
        { method: 'POST', path: '/thue/1.0/traCuuKetQua', effect: 'read', run: (request) => lookUp(office, request) },
        { method: 'GET', path: '/TraCuuThongTinDoanhNghiep', effect: 'read', run: (request) => lookUpTaxpayer(desk, request) },
        callbackRoute(simulator),
        ...controlRoutes(simulator, options.clock),
      ];
    },
    changed: (desk, kind, row) => {
      if (isDeclaration(kind)) settle(desk, kind, row);
    },
  });
  if (held.is === undefined) throw new RangeError('the simulator has no desk');
  held.simulator = overOffice(base, held.is, () => {
    for (const xsd of xsds.values()) xsd.close();
  });
  return held.simulator;
}

const configOf = (baseUrl: string): JsonObject => ({
  baseUrl,
  gateway: {
    namespace: NAMESPACE,
    landsWithinMs: 2_000,
    sender: { PBan: '1.0', MNGui: 'H12', MNNhan: 'TCT' },
    forms: Object.fromEntries(DECLARATIONS.map((kind) => [kind, { maTKhai: CODES[kind] }])),
  },
  land: { callbackKey: CALLBACK_KEY, securityKey: SECURITY_KEY },
  taxpayers: {},
  timeoutMs: 5_000,
  limits: { concurrent: 16, perSecond: null, perDay: null },
});

const isTaxpayer = (kind: string): boolean => (TAXPAYERS as readonly string[]).includes(kind);
const isDeclaration = (kind: string): kind is DeclarationName => (DECLARATIONS as readonly string[]).includes(kind);

const callbackRoute = (simulator: () => TaxSimulator): SimulatorRoute => ({
  method: 'POST',
  path: '/__control/webhook',
  effect: 'log-in',
  run: (request) => {
    const { url, key } = request.json() as JsonObject;
    simulator().callback(String(url), typeof key === 'string' ? key : undefined);
    return { status: 200, json: {} };
  },
});

/** The same simulator with outside ids: our key, the tax code, or the dossier's code; what happens to land dossiers is told. */
function overOffice(base: Simulator, { desk, callbacks }: Held, free: () => void): TaxSimulator {
  const outsideId = (kind: string, row: SimulatorRow): string => {
    if (isTaxpayer(kind)) return String(row.record.ENTERPRISE_GDT_CODE);
    return isDeclaration(kind) ? (row.key ?? row.id) : String(row.record.MaHoSo);
  };
  const rowOf = (kind: string, id: string): SimulatorRow => {
    const found = desk.rows(kind).find((row) => row.id === id || outsideId(kind, row) === id);
    if (found === undefined) throw new RangeError(`no ${kind} with this id`);
    return found;
  };
  const tell = (kind: string, id: string): void => {
    if (!isDeclaration(kind) && !isTaxpayer(kind)) callbacks.tell(rowOf(kind, id).record);
  };
  return {
    ...base,
    callback: (url, key = CALLBACK_KEY) => callbacks.to(url, key),
    told: callbacks.idle,
    records: (kind) =>
      desk.rows(kind).map((row) => ({
        id: outsideId(kind, row),
        key: row.key,
        stage: row.stage,
        record: isDeclaration(kind) ? { ...row.record, KQua: stateOf(row) } : row.record,
      })),
    typeByHand: (kind, record) => {
      const { TTChung: _noMessage, ...typed } = record;
      const id = outsideId(kind, rowOf(kind, base.typeByHand(kind, isDeclaration(kind) ? typed : record)));
      tell(kind, id);
      return id;
    },
    edit: (kind, id, changes) => {
      base.edit(kind, rowOf(kind, id).id, changes);
      tell(kind, id);
    },
    advance: (kind, id, stage, fields) => {
      const said = isDeclaration(kind) || isTaxpayer(kind) ? fields : { ...fields, loaiThongDiep: stage };
      base.advance(kind, rowOf(kind, id).id, stage, said);
      tell(kind, id);
    },
    close: async () => {
      callbacks.close();
      await base.close();
      free();
    },
  };
}

const start: StartSimulator = startTax;
export default start;

await runAlone(import.meta.url, start);
