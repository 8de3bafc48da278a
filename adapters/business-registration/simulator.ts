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
  soapRoute,
  soapTokenCheck,
} from '../../src/kit/index.ts';
import { overRegister } from './simulator/clerks.ts';
import { CLIENT, type Gateway, KEYS, openGateway, TOKEN } from './simulator/gateway.ts';
import { registerKind, toWire } from './simulator/register.ts';
import { CODE, type LookUpName } from './wire.ts';

/** The business registry and the gateway before it in miniature. Ids are what an official reads off the certificate. */

export interface RegistrySimulator extends Simulator {
  /** Every token given out so far ends now. */
  forgetTokens(): void;
}

export async function startRegistry(options: Parameters<StartSimulator>[0]): Promise<RegistrySimulator> {
  const held: { desk?: SimulatorDesk; gateway?: Gateway; simulator?: Simulator } = {};
  const base = await runSimulator(options, {
    kinds: { household: registerKind('household'), enterprise: registerKind('enterprise') },
    config: (baseUrl) => ({
      baseUrl,
      auth: { kind: 'oauth2+lgsp', oauth2: CLIENT, lgsp: KEYS },
      soap: { token: TOKEN },
      timeoutMs: 5_000,
      limits: { concurrent: 8, perSecond: null, perDay: null },
    }),
    routes: (desk) => {
      const gateway = openGateway(desk);
      held.desk = desk;
      held.gateway = gateway;
      const get = (path: string, which: LookUpName, parameter: string) =>
        ({
          method: 'GET',
          path,
          effect: 'read',
          run: (request: SimulatorRequest) => gateway.refusal(request) ?? lookUp(desk, which, request.query.get(parameter) ?? ''),
        }) as const;
      return [
        { method: 'POST', path: '/token', effect: 'log-in', run: (request) => gateway.token(request) },
        get('/apiDKKD/DoanhNghiep/chiTietDoanhNghiep', 'enterprise', 'msdn'),
        get('/apiDKKD/HoKinhDoanh/chiTietHoKinhDoanh', 'household', 'mst'),
        overSoap(desk, gateway, options),
        ...controlRoutes(() => simulatorOf(held), options.clock),
      ];
    },
  });
  if (held.desk === undefined) throw new RangeError('the simulator has no desk');
  const simulator = { ...overRegister(base, held.desk), forgetTokens: () => held.gateway?.forget() };
  held.simulator = simulator;
  return simulator;
}

function simulatorOf({ simulator }: { readonly simulator?: Simulator }): Simulator {
  if (simulator === undefined) throw new RangeError('the simulator is still starting');
  return simulator;
}

const MESSAGE: Readonly<Record<LookUpName, string>> = { enterprise: 'GetEntCert', household: 'HHCert' };

/** The same register over SOAP, behind the same gateway and a token of its own. */
function overSoap(desk: SimulatorDesk, gateway: Gateway, { overrides, clock }: Parameters<StartSimulator>[0]): SimulatorRoute {
  const answer = (which: LookUpName, code: unknown): JsonObject => {
    const { [MESSAGE[which]]: list } = lookUp(desk, which, String(code)).json as JsonObject;
    return list === undefined ? {} : { DanhSach: { [MESSAGE[which]]: list } };
  };
  return soapRoute({
    path: '/apiDKKD/TraCuuService',
    wsdl: dataBeside(import.meta.url, overrides ?? null).text('wsdl/tra-cuu.wsdl'),
    effect: 'read',
    refusal: (request) => gateway.refusal(request),
    check: soapTokenCheck({ ...TOKEN, clock }),
    operations: {
      chiTietDoanhNghiep: ({ msdn }) => answer('enterprise', msdn),
      chiTietHoKinhDoanh: ({ mst }) => answer('household', mst),
    },
  });
}

/** One record by its code; an empty list where there is none, and an answer without a list where it was cut short. */
function lookUp(desk: SimulatorDesk, which: LookUpName, code: string): SimulatorAnswer {
  const rows = desk.rows(which).filter((row) => row.record[CODE[which]] === code && Number(row.extra.visibleAt ?? 0) <= desk.now());
  const told = desk.answered(rows);
  if (told.length < rows.length) return { status: 200, json: {} };
  return { status: 200, json: { [MESSAGE[which]]: desk.shuffled(told).map((row) => toWire(which, row.record)) } };
}

const start: StartSimulator = startRegistry;
export default start;

await runAlone(import.meta.url, start);
