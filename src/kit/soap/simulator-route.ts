import type { IServicePort, Server } from 'soap';
import type { JsonObject } from '../../model/json.ts';
import type { Clock } from '../../model/ports.ts';
import type { RouteEffect, SimulatorAnswer, SimulatorRequest, SimulatorRoute } from '../simulator-contract.ts';
import { digestOf } from './token.ts';

/** A SOAP service among a simulator's routes: the same server, faults and data, spoken by a real SOAP server. */

export interface SoapRouteOptions {
  readonly path: string;
  /** The text of the WSDL. */
  readonly wsdl: string;
  readonly effect: RouteEffect;
  /** Name of the operation → its answer; throws `soapFault` to refuse. */
  readonly operations: Readonly<Record<string, (args: JsonObject) => JsonObject>>;
  /** What stands before the service; null = let through. */
  readonly refusal?: (request: SimulatorRequest) => SimulatorAnswer | null;
  /** Looks at the Security header of each message; see `soapTokenCheck`. */
  readonly check?: (security: JsonObject | undefined) => void;
}

export function soapRoute(options: SoapRouteOptions): SimulatorRoute {
  let server: Promise<Server> | null = null;
  return {
    method: 'POST',
    path: options.path,
    effect: options.effect,
    run: async (request) => {
      const refusal = options.refusal?.(request) ?? null;
      if (refusal !== null) return refusal;
      server ??= opened(options);
      const xml = Buffer.from(request.body).toString('utf8');
      const answer = await (await server).processRequest(xml, { url: request.path, headers: { ...request.headers } });
      return { status: answer.statusCode, text: answer.body, headers: { 'content-type': 'text/xml; charset=utf-8' } };
    },
  };
}

async function opened({ wsdl, operations, check, path }: SoapRouteOptions): Promise<Server> {
  const { listen } = await import('soap');
  const port: IServicePort = Object.fromEntries(
    Object.entries(operations).map(([name, run]) => [
      name,
      (args: unknown, _done: unknown, headers: { readonly Security?: JsonObject } | undefined) => {
        check?.(headers?.Security);
        return run((args ?? {}) as JsonObject);
      },
    ]),
  );
  const everywhere = new Proxy({}, { get: () => new Proxy({}, { get: () => port }) });
  return new Promise((resolve, reject) => {
    const made: Server = listen(null, {
      path,
      xml: wsdl,
      services: everywhere,
      suppressStack: true,
      callback: (error) => (error ? reject(error) : resolve(made)),
    });
  });
}

/** Thrown by an operation: a fault of SOAP 1.1 under status 500. */
const soapFault = (faultcode: string, faultstring: string) => ({ Fault: { faultcode, faultstring, statusCode: 500 } });

/** As a server looks at a UsernameToken: the right name and password or digest, a fresh time, a nonce never seen. */
export function soapTokenCheck(known: {
  readonly username: string;
  readonly password: string;
  readonly clock: Clock;
  readonly windowMs?: number;
}) {
  const seen = new Map<string, number>();
  const windowMs = known.windowMs ?? 300_000;
  return (security: JsonObject | undefined): void => {
    const token = (security?.UsernameToken ?? {}) as JsonObject;
    const [nonce, created, password] = [textIn(token, 'Nonce'), textIn(token, 'Created'), textIn(token, 'Password')];
    const digest = digestOf(Buffer.from(nonce, 'base64'), created, known.password);
    if (textIn(token, 'Username') !== known.username || (password !== digest && password !== known.password))
      throw soapFault('wsse:FailedAuthentication', 'The security token could not be authenticated or authorized');
    const now = known.clock.now();
    const at = Date.parse(created);
    if (Number.isNaN(at) || Math.abs(now - at) > windowMs) throw soapFault('wsse:MessageExpired', 'The message has expired');
    for (const [old, when] of seen) if (now - when > 2 * windowMs) seen.delete(old);
    if (seen.has(nonce)) throw soapFault('wsse:InvalidSecurity', 'An error was discovered processing the Security header');
    seen.set(nonce, now);
  };
}

function textIn(token: JsonObject, name: string): string {
  const value = token[name];
  return String(typeof value === 'object' && value !== null ? (value as JsonObject).$value : (value ?? ''));
}
