// Starts the product the way the README says, on a free port and an empty data folder: it must answer, and end as expected, in
// fair weather and, where it is asked to, with the faults of all simulators on.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const UP_MS = 60_000;
const END_MS = 270_000;
/** `--foul 7,42`: a pass under faults for each seed. What the weather does hangs on the clock too: a seed names the dice, not the run. */
const SEEDS = process.argv[2] === '--foul' ? (process.argv[3] ?? '7').split(',') : [];

const freePort = () =>
  new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });

/** Plays the demo once with these options, in a folder and on a port of its own; throws unless it ended as expected. */
async function pass(options, look) {
  const port = await freePort();
  const data = mkdtempSync(join(tmpdir(), 'motlan-smoke-'));
  const began = Date.now();
  const product = spawn('npm', ['start', '--', '--once', ...options], {
    env: { ...process.env, PORT: String(port), MOTLAN_DATA: data },
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: true,
  });
  const run = { code: null };
  const ended = new Promise((resolve) => product.once('exit', (status, signal) => resolve((run.code = status ?? signal))));
  /** The answer of the running product, or null while nothing listens there. */
  const ask = (path) => fetch(`http://127.0.0.1:${port}${path}`, { signal: AbortSignal.timeout(5_000) }).catch(() => null);
  try {
    await look(ask, run);
    await Promise.race([ended, wait(END_MS, undefined, { ref: false })]);
    if (run.code === null) throw new Error(`the demo did not end within ${END_MS / 1000} s`);
    if (run.code !== 0) throw new Error(`npm start -- --once ${options.join(' ')} ended with ${run.code}`);
    return Math.round((Date.now() - began) / 1000);
  } finally {
    if (run.code === null) process.kill(-product.pid, 'SIGKILL');
    rmSync(data, { recursive: true, force: true });
  }
}

async function healthy(ask, run) {
  for (const until = Date.now() + UP_MS; Date.now() < until && run.code === null; await wait(200)) {
    const answer = await ask('/healthz');
    if (answer?.status === 200) return;
  }
  throw new Error(`/healthz did not answer 200 within ${UP_MS / 1000} s`);
}

try {
  const fair = await pass([], async (ask, run) => {
    await healthy(ask, run);
    console.log('smoke: /healthz answers 200');
    const openapi = await (await ask('/api/v1/openapi.json'))?.json();
    if (openapi?.openapi === undefined) throw new Error('/api/v1/openapi.json is no OpenAPI document');
    console.log(`smoke: the API describes itself in ${Object.keys(openapi.paths).length} paths`);
  });
  console.log(`smoke: every dossier of the demo ended as written in config/demo/*/expected.yaml, in ${fair} s`);
  for (const seed of SEEDS) {
    const foul = await pass(['--faults', seed], healthy);
    console.log(`smoke: and so with the faults of all simulators on (seed ${seed}), in ${foul} s`);
  }
} catch (error) {
  console.error(`smoke: ${error.message}`);
  process.exitCode = 1;
}
