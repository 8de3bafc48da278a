import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { Heard } from '../kit/contract.ts';
import { checkSigned } from '../kit/hmac.ts';
import { rawBody } from './body.ts';
import type { HttpPorts } from './ports.ts';
import { Refusal } from './problems.ts';

/** Who is asking and what they may: bearer tokens (kept as sha256 only) and signed webhooks. */

export const SCOPES = ['intake', 'read', 'personal', 'decide', 'operate', 'audit'] as const;
export type Scope = (typeof SCOPES)[number];

export interface Account {
  readonly name: string;
  readonly scopes: readonly string[];
  /** null = every agency. */
  readonly agencies: readonly string[] | null;
}

/** How a token's secret is kept. */
export const hashSecret = (secret: string): string => createHash('sha256').update(secret, 'utf8').digest('hex');

export const may = (account: Account, agency: string): boolean => account.agencies === null || account.agencies.includes(agency);

const unknownAccount = (): Refusal =>
  new Refusal(401, 'not-signed-in', {
    vi: 'Thiếu mã truy cập, hoặc mã truy cập không còn hiệu lực.',
    en: 'The access token is missing or no longer valid.',
  });

/** The account behind the bearer token; throws Refusal 401 or, without the scope, 403. */
export async function accountOf(ports: HttpPorts, request: FastifyRequest, scope: Scope): Promise<Account> {
  const secret = /^Bearer ([\x21-\x7e]{16,512})$/.exec(request.headers.authorization ?? '')?.[1];
  if (secret === undefined) throw unknownAccount();
  const token = await ports.store.read((tx) => tx.tokens.byHash(hashSecret(secret)));
  const now = ports.clock.now();
  if (token === null || token.revokedAt !== null || (token.expiresAt !== null && token.expiresAt <= now)) throw unknownAccount();
  if (!token.scopes.includes(scope)) throw missingScope(scope);
  return { name: token.name, scopes: token.scopes, agencies: token.agencies };
}

export const missingScope = (scope: Scope): Refusal =>
  new Refusal(403, 'scope-missing', { vi: `Mã truy cập không có quyền "${scope}".`, en: `The access token lacks the scope "${scope}".` });

/** The request as adapters and signatures see it. */
export function heard(ports: HttpPorts, request: FastifyRequest): Heard {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return { method: request.method, path: request.url, headers, body: rawBody(request), receivedAt: ports.clock.now() };
}

/**
 * The sender of a pushed document: a bearer token with scope `intake`, or a webhook that signs (`x-motlan-system` names it).
 * A signed message is taken once: its nonce is kept, a second use is refused with 409.
 */
export async function senderOf(ports: HttpPorts, request: FastifyRequest): Promise<Account> {
  const message = heard(ports, request);
  const name = message.headers['x-motlan-system'];
  if (name === undefined) return accountOf(ports, request, 'intake');
  const webhook = ports.webhooks.get(name);
  if (webhook === undefined) throw unknownAccount();
  const nonce = checkSigned(webhook.key, message, ports.limits.webhookWindowMs);
  const fresh = await ports.store.write((tx) =>
    tx.inbox.take({ id: `webhook/${name}/${nonce}`, system: `webhook/${name}`, nonce, receivedAt: message.receivedAt }),
  );
  if (!fresh) {
    throw new Refusal(409, 'replayed', {
      vi: 'Thông báo này đã được nhận trước đó; nếu gửi lại, hãy ký lại với nonce mới.',
      en: 'This message was taken before; to send it again, sign it afresh with a new nonce.',
    });
  }
  return { name, scopes: ['intake'], agencies: webhook.agencies };
}
