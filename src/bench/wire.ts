import { Agent, request } from 'node:http';
import type { Json } from '../model/json.ts';

/** The barest HTTP client there is, kept alive: what the product is compared with spends nothing on its own transport. */
export interface Caller {
  /** The answer's JSON; rejects on any status but 2xx, naming path and status only. */
  call(
    method: 'GET' | 'POST',
    url: string,
    options?: { readonly body?: Json; readonly headers?: Readonly<Record<string, string>> },
  ): Promise<Json>;
  close(): void;
}

export function openCaller(connections: number): Caller {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  return {
    call: (method, url, { body, headers = {} } = {}) =>
      new Promise((resolve, reject) => {
        const bytes = body === undefined ? null : Buffer.from(JSON.stringify(body), 'utf8');
        const typed = bytes === null ? {} : { 'content-type': 'application/json', 'content-length': bytes.byteLength };
        const sent = request(url, { method, agent, headers: { ...headers, ...typed } }, (answer) => {
          const chunks: Buffer[] = [];
          answer.on('data', (chunk: Buffer) => chunks.push(chunk));
          answer.once('error', reject);
          answer.once('end', () => {
            const status = answer.statusCode ?? 0;
            if (status < 200 || status > 299) reject(new Error(`${method} ${new URL(url).pathname} was answered ${status}`));
            else resolve(JSON.parse(Buffer.concat(chunks).toString('utf8')) as Json);
          });
        });
        sent.once('error', reject);
        sent.end(bytes ?? undefined);
      }),
    close: () => agent.destroy(),
  };
}

/** Runs all tasks, at most so many at a time. */
export async function atMost<T>(most: number, tasks: readonly T[], run: (task: T) => Promise<void>): Promise<void> {
  const waiting = tasks.values();
  const worker = async (): Promise<void> => {
    for (const task of waiting) await run(task);
  };
  await Promise.all(Array.from({ length: Math.min(most, tasks.length) }, worker));
}
