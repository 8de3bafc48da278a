import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import type { JsonObject } from '../model/json.ts';
import type { Clock } from '../model/ports.ts';
import { realClock } from '../ports.ts';
import type { Simulator, SimulatorFaults, StartSimulator } from './contract.ts';
import { NO_FAULTS } from './simulator.ts';
import type { SimulatorAnswer, SimulatorRequest, SimulatorRoute } from './simulator-contract.ts';

/** A simulator in a process of its own, and the routes by which another process steers it as it would the object. */

const fields = z.record(z.string(), z.json());
const faultsShape = z
  .strictObject(
    Object.fromEntries(Object.entries(NO_FAULTS).map(([name, none]) => [name, typeof none === 'boolean' ? z.boolean() : z.number()])),
  )
  .partial();
const order = {
  faults: faultsShape.extend({ downMs: z.number().int().min(0).max(600_000).optional() }),
  typeByHand: z.strictObject({ kind: z.string(), record: fields }),
  edit: z.strictObject({ kind: z.string(), id: z.string(), changes: fields }),
  advance: z.strictObject({ kind: z.string(), id: z.string(), stage: z.string(), fields: fields.optional() }),
};

const answer = (json: SimulatorAnswer['json']): SimulatorAnswer => ({ status: 200, json: json ?? {} });

/**
 * `GET /__control/records/:kind|received|counted`, `POST /__control/faults|type-by-hand|edit|advance|backup|restore`.
 * No fault touches them; only `down` closes the port they share, so `downMs` says when it opens again.
 */
export function controlRoutes(simulator: () => Simulator, clock: Clock): readonly SimulatorRoute[] {
  const route = (method: string, name: string, run: (request: SimulatorRequest) => SimulatorAnswer): SimulatorRoute => ({
    method,
    path: `/__control/${name}`,
    effect: 'log-in',
    run: (request) => refusing(() => run(request)),
  });
  return [
    route('GET', 'records/:kind', ({ params }) => answer(simulator().records(params.kind ?? '') as unknown as JsonObject)),
    route('GET', 'received', () => answer(simulator().received() as unknown as JsonObject)),
    route('GET', 'counted', () => answer({ ...simulator().counted() })),
    route('POST', 'faults', (request) => {
      const { downMs, ...faults } = order.faults.parse(request.json());
      simulator().setFaults(faults as Partial<SimulatorFaults>);
      if (typeof downMs === 'number') void clock.sleep(downMs).then(() => simulator().setFaults({ down: false }));
      return answer({});
    }),
    route('POST', 'type-by-hand', (request) => {
      const { kind, record } = order.typeByHand.parse(request.json());
      return answer({ id: simulator().typeByHand(kind, record) });
    }),
    route('POST', 'edit', (request) => {
      const { kind, id, changes } = order.edit.parse(request.json());
      simulator().edit(kind, id, changes);
      return answer({});
    }),
    route('POST', 'advance', (request) => {
      const { kind, id, stage, fields: given } = order.advance.parse(request.json());
      simulator().advance(kind, id, stage, given);
      return answer({});
    }),
    route('POST', 'backup', () => {
      simulator().backup();
      return answer({});
    }),
    route('POST', 'restore', () => {
      simulator().restore();
      return answer({});
    }),
  ];
}

/** What the steering process did wrong is its answer, not a cut socket. */
function refusing(run: () => SimulatorAnswer): SimulatorAnswer {
  try {
    return run();
  } catch (error) {
    if (error instanceof z.ZodError || error instanceof RangeError) return { status: 422, json: { message: error.message } };
    throw error;
  }
}

/**
 * Runs the simulator when its file is the one that was started: `--port N --folder DIR --overrides DIR --faults JSON`. Prints
 * `{"baseUrl", "config"}` as one line and stays until SIGTERM or SIGINT.
 */
export async function runAlone(fileUrl: string, start: StartSimulator): Promise<void> {
  if (process.argv[1] === undefined || fileURLToPath(fileUrl) !== process.argv[1]) return;
  const { values } = parseArgs({
    options: { port: { type: 'string' }, folder: { type: 'string' }, overrides: { type: 'string' }, faults: { type: 'string' } },
  });
  const faults = faultsShape.parse(JSON.parse(values.faults ?? '{}')) as Partial<SimulatorFaults>;
  const { folder = null, overrides = null, port = '0' } = values;
  const simulator = await start({ folder, overrides, port: Number(port), clock: realClock, faults });
  const stop = () => void simulator.close().then(() => process.exit(0));
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  process.stdout.write(`${JSON.stringify({ baseUrl: simulator.baseUrl, config: simulator.config })}\n`);
}
