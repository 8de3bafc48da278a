import type { SimulatorAnswer, SimulatorDesk, SimulatorRequest } from '../../../src/kit/index.ts';

/** The provincial gateway in miniature: a token for an hour and the platform's own header, both asked for on every call. */

export const KEYS = {
  accessKey: 'motlan-access',
  secretKey: 'motlan-secret-key',
  appName: 'motlan',
  partnerCode: '000.00.00.H12',
  partnerCodeCus: '000.00.00.H12',
} as const;
export const CLIENT = { clientId: 'motlan', clientSecret: 'motlan-client-secret' } as const;

/** Who may ask the SOAP service behind the gateway. */
export const TOKEN = { username: 'motlan', password: 'motlan-soap-password' } as const;

const TOKEN_SECONDS = 3_600;

export interface Gateway {
  token(request: SimulatorRequest): SimulatorAnswer;
  /** null: let through. */
  refusal(request: SimulatorRequest): SimulatorAnswer | null;
  /** Every token given out so far ends now, as when the gateway is restarted. */
  forget(): void;
}

export function openGateway(desk: SimulatorDesk): Gateway {
  const tokens = new Map<string, number>();
  let given = 0;
  return {
    token: (request) => {
      const form = new URLSearchParams(Buffer.from(request.body).toString('utf8'));
      if (form.get('client_id') !== CLIENT.clientId || form.get('client_secret') !== CLIENT.clientSecret) return refused();
      given += 1;
      const token = `token-${given}`;
      tokens.set(token, desk.now() + TOKEN_SECONDS * 1_000);
      return {
        status: 200,
        json: { access_token: token, scope: 'am_application_scope default', token_type: 'Bearer', expires_in: TOKEN_SECONDS },
      };
    },
    refusal: (request) => {
      const token = (request.headers.authorization ?? '').replace(/^Bearer /u, '');
      const isLive = (tokens.get(token) ?? 0) > desk.now();
      return isLive && isKnown(request.headers.lgspaccesstoken ?? '') ? null : refused();
    },
    forget: () => tokens.clear(),
  };
}

const refused = (): SimulatorAnswer => ({ status: 401, json: { message: 'Invalid Credentials' } });

function isKnown(header: string): boolean {
  try {
    const said = JSON.parse(Buffer.from(header, 'base64').toString('utf8')) as {
      readonly AccessKey?: unknown;
      readonly SecretKey?: unknown;
    };
    return said.AccessKey === KEYS.accessKey && said.SecretKey === KEYS.secretKey;
  } catch {
    return false;
  }
}
