import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '../../model/ports.ts';
import type { Secret } from '../secret.ts';
import { element, type XmlElement } from '../xml/tree.ts';
import { xmlText } from '../xml/write.ts';

/** WS-Security UsernameToken (OASIS UsernameToken Profile 1.0): who calls, with a password no listener can use again. */

const OASIS = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss';
export const WSSE = `${OASIS}-wssecurity-secext-1.0.xsd`;
export const WSU = `${OASIS}-wssecurity-utility-1.0.xsd`;
const PROFILE = `${OASIS}-username-token-profile-1.0`;
const BASE64 = `${OASIS}-soap-message-security-1.0#Base64Binary`;

export interface UsernameToken {
  readonly username: string;
  readonly password: Secret;
  /** `digest`: SHA-1 over nonce, time and password; `text`: the password itself, over TLS only. Default `digest`. */
  readonly as?: 'digest' | 'text';
}

/** Base64 of SHA-1 over the nonce's bytes, the time and the password, as the profile has it. */
export const digestOf = (nonce: Uint8Array, created: string, password: string): string =>
  createHash('sha1').update(nonce).update(created, 'utf8').update(password, 'utf8').digest('base64');

/** The header of one message; its nonce and time are never used again. */
export function securityHeader(token: UsernameToken, clock: Clock): string {
  const created = new Date(clock.now()).toISOString();
  const nonce = randomBytes(16);
  const isText = token.as === 'text';
  const password = isText ? token.password.reveal() : digestOf(nonce, created, token.password.reveal());
  const wsse = (name: string, text: string, attributes: Readonly<Record<string, string>> = {}): XmlElement =>
    element(name, [text], { namespace: WSSE, attributes });
  const parts = [
    wsse('Username', token.username),
    wsse('Password', password, { Type: `${PROFILE}#${isText ? 'PasswordText' : 'PasswordDigest'}` }),
    wsse('Nonce', nonce.toString('base64'), { EncodingType: BASE64 }),
    element('Created', [created], { namespace: WSU }),
  ];
  const header = element('Security', [element('UsernameToken', parts, { namespace: WSSE })], { namespace: WSSE });
  return xmlText(header, { prefixes: { wsse: WSSE, wsu: WSU }, declaration: false });
}
