import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A process beside this one: asked over its channel, answered by number. */
export interface Child {
  /** What it said when it was ready. */
  readonly ready: unknown;
  ask(order: Readonly<Record<string, unknown>>): Promise<unknown>;
  /** Lets it finish and resolves when it is gone. */
  stop(): Promise<void>;
}

/** Starts a file of this room; rejects when it ends before it is ready. */
export async function startChild(file: string, args: readonly string[] = [], execArgv: readonly string[] = []): Promise<Child> {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), args, {
    execArgv: [...execArgv, '--import', 'tsx'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const waiting = new Map<number, { readonly done: (answer: unknown) => void; readonly fail: (error: Error) => void }>();
  const expect = (id: number): Promise<unknown> => new Promise((done, fail) => waiting.set(id, { done, fail }));
  child.on('message', (message: { readonly id: number; readonly answer: unknown }) => {
    waiting.get(message.id)?.done(message.answer);
    waiting.delete(message.id);
  });
  const gone = ended(child).then(() => {
    for (const { fail } of waiting.values()) fail(new Error(`${file} ended`));
  });
  let last = 0;
  const ask = (order: Readonly<Record<string, unknown>>): Promise<unknown> => {
    last += 1;
    const answer = expect(last);
    child.send({ ...order, id: last });
    return answer;
  };
  const ready = await expect(0);
  return {
    ready,
    ask,
    async stop() {
      await ask({ ask: 'stop' });
      await gone;
    },
  };
}

const ended = (child: ChildProcess): Promise<void> => new Promise((resolve) => child.once('exit', () => resolve()));
