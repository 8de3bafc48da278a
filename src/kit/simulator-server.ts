import { request as httpRequest, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { SimulatorAnswer, SimulatorRequest, SimulatorRoute } from './simulator-contract.ts';

/** The HTTP of a simulator: routes, bodies, a port that can close and open again. */

export function reply(response: ServerResponse, answer: SimulatorAnswer): void {
  const body = answer.bytes ?? Buffer.from(answer.text ?? (answer.json === undefined ? '' : JSON.stringify(answer.json)), 'utf8');
  const type = answer.json === undefined ? 'application/octet-stream' : 'application/json; charset=utf-8';
  response.writeHead(answer.status, { 'content-type': type, 'content-length': body.byteLength, ...answer.headers });
  response.end(body);
}

interface Pattern {
  readonly regexp: RegExp;
  readonly names: readonly string[];
}

export function patternOf(path: string): Pattern {
  const names = [...path.matchAll(/:(\w+)/gu)].map(([, name]) => name ?? '');
  const source = path.replace(/[.*+?^${}()|[\]\\]/gu, '\\$&').replace(/:\w+/gu, '([^/]+)');
  return { regexp: new RegExp(`^${source}$`, 'u'), names };
}

export function findRoute(
  routes: readonly { readonly route: SimulatorRoute; readonly pattern: Pattern }[],
  incoming: IncomingMessage,
  body: Uint8Array,
): { readonly route: SimulatorRoute; readonly request: SimulatorRequest } | null {
  const url = new URL(incoming.url ?? '/', 'http://127.0.0.1');
  const method = incoming.method ?? 'GET';
  for (const { route, pattern } of routes) {
    const hit = route.method === method ? pattern.regexp.exec(url.pathname) : null;
    if (hit === null) continue;
    const params = Object.fromEntries(pattern.names.map((name, index) => [name, decodeURIComponent(hit[index + 1] ?? '')]));
    const headers = Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]));
    const json = () => JSON.parse(Buffer.from(body).toString('utf8'));
    return { route, request: { method, path: url.pathname, params, query: url.searchParams, headers, body, json } };
  }
  return null;
}

export async function bodyOf(incoming: IncomingMessage, mostBytes: number): Promise<Uint8Array | null> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of incoming) {
    sizeBytes += chunk.byteLength;
    if (sizeBytes <= mostBytes) chunks.push(chunk);
  }
  return sizeBytes > mostBytes ? null : Buffer.concat(chunks);
}

export const listen = (server: Server, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });

export function shut(server: Server): void {
  if (server.listening) server.close();
  server.closeAllConnections();
}

/** The port may still be closing: tries again until it is free. */
export function reopen(server: Server, port: number): void {
  const again = () => void listen(server, port).catch(() => setImmediate(again));
  setImmediate(again);
}

export const post = (url: string, headers: Readonly<Record<string, string>>, body: Uint8Array): Promise<number | null> =>
  new Promise((resolve) => {
    const sent = httpRequest(
      url,
      { method: 'POST', headers: { ...headers, 'content-length': body.byteLength }, timeout: 10_000 },
      (answer) => {
        answer.resume();
        answer.once('end', () => resolve(answer.statusCode ?? null));
      },
    );
    sent.once('timeout', () => sent.destroy());
    sent.once('error', () => resolve(null));
    sent.end(body);
  });
