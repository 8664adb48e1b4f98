import { generateKeyPairSync, sign } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An issuer of tokens, as a house in production has one: its keys at an address, and tokens for people. */
export interface Issuer {
  readonly settings: { readonly OIDC_ISSUER: string; readonly OIDC_AUDIENCE: string; readonly OIDC_JWKS_URL: string };
  tokenFor(subject: string): string;
  close(): void;
}

export async function startIssuer(): Promise<Issuer> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const keys = JSON.stringify({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'one', alg: 'ES256', use: 'sig' }] });
  const server = createServer((_request, response) => response.writeHead(200, { 'content-type': 'application/json' }).end(keys));
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const settings = { OIDC_ISSUER: 'https://issuer.example', OIDC_AUDIENCE: 'quanyu', OIDC_JWKS_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks` };
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return {
    settings,
    tokenFor: (subject) => {
      const now = Math.floor(Date.now() / 1000);
      const text = `${part({ alg: 'ES256', kid: 'one', typ: 'JWT' })}.${part({ iss: settings.OIDC_ISSUER, aud: settings.OIDC_AUDIENCE, sub: subject, iat: now, exp: now + 600 })}`;
      return `${text}.${sign('sha256', Buffer.from(text), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
    },
    close: () => { server.close(); server.closeAllConnections(); },
  };
}
