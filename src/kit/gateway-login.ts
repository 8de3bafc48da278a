import { z } from 'zod';
import { type Auth, lgspHeader, oauth2, together } from './auth.ts';
import { secretText } from './secret.ts';

/** The log-in of the provincial gateway, as a part of an adapter's config and as what it adds to each call. */

const bearer = z.strictObject({
  kind: z.literal('oauth2'),
  tokenPath: z.string().startsWith('/').default('/token'),
  clientId: z.string().min(1),
  clientSecret: secretText,
  scope: z.string().optional(),
});
const lgsp = z.strictObject({
  kind: z.literal('lgsp'),
  accessKey: z.string().min(1),
  secretKey: secretText,
  appName: z.string().min(1),
  partnerCode: z.string().min(1),
  partnerCodeCus: z.string().min(1),
});

/** The provincial gateway (LGSP) takes a bearer token, the `lgspaccesstoken` header, or both. SOURCED TD. */
export const gatewayLogin = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  bearer,
  lgsp,
  z.strictObject({ kind: z.literal('oauth2+lgsp'), oauth2: bearer.omit({ kind: true }), lgsp: lgsp.omit({ kind: true }) }),
]);
export type GatewayLogin = z.output<typeof gatewayLogin>;

/** null: nothing is added. */
export function gatewayAuth(login: GatewayLogin): Auth | null {
  if (login.kind === 'none') return null;
  if (login.kind === 'oauth2') return bearerOf(login);
  if (login.kind === 'lgsp') return lgspHeader(login);
  return together(bearerOf(login.oauth2), lgspHeader(login.lgsp));
}

const bearerOf = ({ scope, tokenPath, clientId, clientSecret }: Omit<z.output<typeof bearer>, 'kind'>): Auth =>
  oauth2({ tokenPath, clientId, clientSecret, ...(scope === undefined ? {} : { scope }) });
