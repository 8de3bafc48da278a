import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { HOUSE } from '../../src/config.ts';

/** Processes beside this one: started from the house's own files, ended one by one, none left behind. */

export interface Child {
  /** All it has said so far. */
  said(): string;
  /** Resolves with true when it has said `text`, with false when it ended without. */
  until(text: string): Promise<boolean>;
  isGone(): boolean;
  /** Exit code or signal. */
  readonly gone: Promise<number | NodeJS.Signals>;
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | NodeJS.Signals>;
}

const running = new Set<ChildProcess>();
const killAll = (): void => {
  for (const child of running) child.kill('SIGKILL');
};
process.on('exit', killAll);

/** Nothing of a run that broke off goes on behind it. */
export async function endAll(): Promise<void> {
  const gone = [...running].map((child) => once(child, 'exit'));
  killAll();
  await Promise.all(gone);
}

/** `.ts` as written, or `.js` where the house was compiled: then its processes start in half the time. */
const ENDING = extname(fileURLToPath(import.meta.url));

const nodeArgs = ([file = '', ...args]: readonly string[]): string[] => [
  ...(ENDING === '.ts' ? ['--import', 'tsx'] : []),
  `${file}${ENDING}`,
  ...args,
];

/** Starts a file of the house, named without its ending; what it says goes to `log` as well. */
export function startChild(args: readonly string[], log: string, env: Readonly<Record<string, string>> = {}): Child {
  const child = spawn(process.execPath, nodeArgs(args), { cwd: HOUSE, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  let text = '';
  const hearers = new Set<() => void>();
  child.stdout.on('data', (bytes: Buffer) => {
    text += bytes.toString('utf8');
    appendFileSync(log, bytes);
    for (const hear of hearers) hear();
  });
  child.stderr.on('data', (bytes: Buffer) => appendFileSync(log, bytes));
  let isGone = false;
  const gone = once(child, 'exit').then(([code, signal]: (number | NodeJS.Signals | null)[]) => {
    isGone = true;
    running.delete(child);
    return code ?? signal ?? 0;
  });
  return {
    gone,
    said: () => text,
    isGone: () => isGone,
    until: (wanted) =>
      new Promise((resolve) => {
        const hear = (): void => {
          if (text.includes(wanted)) resolve(true);
        };
        hearers.add(hear);
        hear();
        void gone.then(() => resolve(text.includes(wanted)));
      }),
    end: (signal) => {
      child.kill(signal);
      return gone;
    },
  };
}

/** Runs one command of motlan to its end and gives what it printed; rejects when it did not end well. */
export async function runMotlan(args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, nodeArgs(['src/main', ...args]), { cwd: HOUSE });
  return stdout;
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return address.port;
}
