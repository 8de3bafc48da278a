import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { z } from 'zod';
import { HOUSE } from '../../src/config.ts';
import { type Child, freePort, runMotlan, startChild } from './children.ts';
import type { Province } from './province.ts';

/** The product as it is run: `motlan serve` in a process of its own, its store on disk, spoken to over its API only. */

export interface Motlan {
  readonly url: string;
  readonly token: string;
  /** Starts a process; `failpoint` is `name:count`, null for none. */
  start(failpoint: string | null): Child;
  /** Resolves with false when it died before it was up. */
  isUp(child: Child): Promise<boolean>;
  /** What stands in the store while no process has it open, read from a copy. */
  kept(): Promise<Kept>;
  /** Runs a command of motlan on the same configuration. */
  command(...args: readonly string[]): Promise<string>;
}

export interface Kept {
  readonly codes: ReadonlySet<string>;
  /** Effects that were begun and never settled. Status steps are counted at the linked service; a sheet on a desk is a person's. */
  readonly openEffects: number;
}

const ENGINE = { leaseMs: 3_000, backOffFirstMs: 200, backOffMostMs: 1_000, freshMs: 500 };
const SYSTEM = { pollMs: 400, pollsBeforeAsking: 100_000, batch: 12, concurrent: 4 };

export async function openMotlan(folder: string, province: Province): Promise<Motlan> {
  await mkdir(folder, { recursive: true });
  const overrides = await hurriedAnswers(folder);
  const systems = {
    'one-stop': { adapter: 'one-stop', role: 'one-stop', ...SYSTEM, config: province.oneStop.config },
    'civil-status': { adapter: 'civil-status', role: 'ministry', ...SYSTEM, overrides, config: province.ministry.config },
  };
  return openServed(folder, { systems, engine: ENGINE, scopes: 'intake,read,decide' });
}

export interface Served {
  readonly systems: Readonly<Record<string, object>>;
  readonly engine: object;
  /** Of the one token there is. */
  readonly scopes: string;
}

/** `motlan serve` over any systems, its files below `folder`. */
export async function openServed(folder: string, { systems, engine, scopes }: Served): Promise<Motlan> {
  const port = await freePort();
  const data = join(folder, 'data');
  const file = join(folder, 'motlan.yaml');
  const config = {
    data,
    keys: { current: 1, ring: { 1: '5a'.repeat(32) } },
    http: { host: '127.0.0.1', port, requestsPerMinute: 1_000_000 },
    systems,
    engine,
    log: { level: 'warn' },
  };
  await mkdir(folder, { recursive: true });
  await writeFile(file, JSON.stringify(config, null, 2));
  const command = (...args: readonly string[]): Promise<string> => runMotlan([...args, '--config', file, '--json']);
  const made = await command('token', 'create', 'chaos', '--scopes', scopes);
  const { token } = z.object({ token: z.string() }).parse(JSON.parse(made));
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    token,
    command,
    start: (failpoint) =>
      startChild(
        ['src/main', 'serve', '--config', file, '--json'],
        join(folder, 'motlan.log'),
        failpoint === null ? {} : { MOTLAN_FAILPOINT: failpoint, MOTLAN_FAILPOINTS: 'allowed' },
      ),
    isUp: (child) => child.until(url),
    kept: () => keptIn(data),
  };
}

/** The ministry's own answers, with its minutes to wait made short like every other time of a run. Gives the folder to put over the adapters'. */
async function hurriedAnswers(folder: string): Promise<string> {
  const place = join('civil-status', 'answers.yaml');
  const answers = await readFile(join(HOUSE, 'adapters', place), 'utf8');
  await mkdir(join(folder, 'overrides', 'civil-status'), { recursive: true });
  await writeFile(join(folder, 'overrides', place), answers.replaceAll(/retryAfterMs: \d+/g, 'retryAfterMs: 1000'));
  return join(folder, 'overrides');
}

/** The copy keeps the store itself as the crash left it: the product, not the test, has to recover it. */
async function keptIn(data: string): Promise<Kept> {
  const copy = join(data, '..', 'copy');
  await rm(copy, { recursive: true, force: true });
  await mkdir(copy);
  for (const name of ['motlan.db', 'motlan.db-wal']) await copyFile(join(data, name), join(copy, name)).catch(() => undefined);
  const db = new Database(join(copy, 'motlan.db'));
  try {
    const codes = z.array(z.object({ code: z.string() })).parse(db.prepare('select code from dossier').all());
    const open = db
      .prepare("select count(*) as count from attempt where state = 'open' and verb <> 'by-hand' and coalesce(act, '') <> 'step'")
      .get();
    return { codes: new Set(codes.map(({ code }) => code)), openEffects: z.object({ count: z.number() }).parse(open).count };
  } finally {
    db.close();
  }
}
