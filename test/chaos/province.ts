import { join } from 'node:path';
import { z } from 'zod';
import { type Child, startChild } from './children.ts';

/** The outside systems of a run: two simulators, each in a process of its own, steered over HTTP. */

const record = z.object({ id: z.string(), key: z.string().nullable(), record: z.record(z.string(), z.unknown()) });
const taken = z.object({ verb: z.string(), kind: z.string(), key: z.string().nullable(), naturalKey: z.string() });
const started = z.object({ baseUrl: z.string(), config: z.record(z.string(), z.unknown()) });

export type HeldRecord = z.infer<typeof record>;
export type Taken = z.infer<typeof taken>;

export interface Outside {
  /** What its adapter is opened with. */
  readonly config: Readonly<Record<string, unknown>>;
  records(kind: string): Promise<readonly HeldRecord[]>;
  /** Every write it took, its own clerks' typing included, in the order it was taken. */
  received(): Promise<readonly Taken[]>;
  typeByHand(kind: string, record: object): Promise<void>;
  advance(kind: string, id: string, stage: string): Promise<void>;
  setFaults(faults: Readonly<Record<string, number | boolean>>): Promise<void>;
  end(): Promise<unknown>;
}

export interface Province {
  readonly oneStop: Outside;
  readonly ministry: Outside;
  /** No fault from now on; an unsafe ministry stays unsafe. */
  calm(): Promise<void>;
  end(): Promise<void>;
}

/** Late records land well inside the 2,000 ms that the simulators declare. */
const CHAOS = {
  loseAnswer: 0.12,
  landLate: 0.08,
  lateMs: 700,
  delayMs: 20,
  serverError: 0.03,
  tooMany: 0.01,
  shortAnswer: 0.05,
  shuffle: 0.5,
};
const CALM = { loseAnswer: 0, landLate: 0, delayMs: 0, serverError: 0, tooMany: 0, shortAnswer: 0, shuffle: 0 };

export async function openProvince(
  folder: string,
  { seed, unsafe }: { readonly seed: number; readonly unsafe: boolean },
): Promise<Province> {
  const [oneStop, ministry] = await Promise.all([
    openOutside('one-stop', folder, { ...CHAOS, seed }),
    openOutside('civil-status', folder, { ...CHAOS, seed: seed + 1, unsafe }),
  ]);
  const both = [oneStop, ministry];
  return {
    oneStop,
    ministry,
    async calm() {
      for (const system of both) await system.setFaults(CALM);
    },
    async end() {
      await Promise.all(both.map((system) => system.end()));
    },
  };
}

async function openOutside(name: string, folder: string, faults: object): Promise<Outside> {
  const file = join('adapters', name, 'simulator');
  const args = [file, '--port', '0', '--folder', join(folder, name), '--faults', JSON.stringify(faults)];
  const child: Child = startChild(args, join(folder, `${name}.log`));
  if (!(await child.until('\n'))) throw new Error(`the simulator ${name} did not start`);
  const { baseUrl, config } = started.parse(JSON.parse(child.said()));
  const ask = async (path: string, body?: object): Promise<unknown> => {
    const answer = await fetch(`${baseUrl}/__control/${path}`, body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${name} answered ${answer.status} to ${path}: ${await answer.text()}`);
    return answer.json();
  };
  return {
    config,
    records: async (kind) => z.array(record).parse(await ask(`records/${kind}`)),
    received: async () => z.array(taken).parse(await ask('received')),
    typeByHand: async (kind, given) => void (await ask('type-by-hand', { kind, record: given })),
    advance: async (kind, id, stage) => void (await ask('advance', { kind, id, stage })),
    setFaults: async (given) => void (await ask('faults', given)),
    end: () => child.end('SIGTERM'),
  };
}
