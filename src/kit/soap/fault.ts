import type { JsonObject } from '../../model/json.ts';
import type { TroubleScope } from '../../model/words.ts';
import type { Answer } from '../answers.ts';
import { type Effect, httpDetail } from '../http-trouble.ts';
import { Trouble } from '../trouble.ts';

/** What a SOAP fault means where no row of `answers.yaml` explains it. Codes: SOAP 1.1 §4.4.1, SOAP 1.2 §5.4.6, WS-Security §12. */

const LOG_IN =
  /^(?:UnsupportedSecurityToken|UnsupportedAlgorithm|InvalidSecurity|InvalidSecurityToken|FailedAuthentication|FailedCheck|SecurityTokenUnavailable|MessageExpired|Authentication|AuthenticationFailure)$/u;

/**
 * null where the HTTP status says more than the fault does (log-in, not found, wait), or where the answer is no fault. A fault
 * under status 200 is a fault. A code of the system's own is for a person; after a write it settles like `unsure`.
 */
export function faultTrouble(seen: Answer, effect: Effect, aim: TroubleScope, waitMs: number | null): Trouble | null {
  if (seen.shape !== 'fault' || !speaks(seen.status, waitMs)) return null;
  const { code, subcode } = (seen.body as JsonObject).Fault as { readonly code: string; readonly subcode?: string };
  const [family = '', ...narrower] = [...code.split('.'), ...(subcode === undefined ? [] : [subcode])];
  if ([family, ...narrower].some((word) => LOG_IN.test(word)))
    return new Trouble(httpDetail('setup', 'system', 'unauthorised', 'soap.log-in'));
  if (family === 'Client' || family === 'Sender') return new Trouble(httpDetail('refused', aim, 'invalid', 'soap.sender'));
  if (family === 'VersionMismatch' || family === 'MustUnderstand' || family === 'DataEncodingUnknown')
    return new Trouble(httpDetail('setup', 'system', 'envelope', 'soap.envelope'));
  if (family !== 'Server' && family !== 'Receiver') return new Trouble(httpDetail('unknown', 'record', 'fault', 'soap.fault'));
  if (effect === 'write') return new Trouble(httpDetail('unsure', 'record', 'server-error', 'soap.receiver'));
  return new Trouble(httpDetail('unavailable', 'system', 'server-error', 'soap.receiver'));
}

const speaks = (status: number, waitMs: number | null): boolean =>
  status < 300 || status === 400 || (status >= 500 && !(status === 503 && waitMs !== null));
