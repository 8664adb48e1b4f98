import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { configureLog } from '@quanyu/telemetry';
import { createRemoteJWKSet, exportJWK, exportSPKI, generateKeyPair, SignJWT, type CryptoKey } from 'jose';
import { createAuthenticator } from '../authenticator.js';
import { shedAfter } from '../limits/gate.js';
import { startShop, type Shop } from '../test-graph.test.js';
import { post, type Seen, watchEach } from './watch.test.js';

watchEach();

const ISSUER = 'https://id.example.test';
const AUDIENCE = 'quanyu';
const inSeconds = (seconds: number): number => Math.floor(Date.now() / 1_000) + seconds;
const base64url = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const CLAIMS = { iss: ISSUER, aud: AUDIENCE, sub: 'ann', exp: inSeconds(600) };

let shop: Shop;
let own: CryptoKey;
let published: CryptoKey;
let keysFetched = 0;
let lookedUp = 0;
const issuer = createServer((_request, response) => {
  keysFetched += 1;
  void exportJWK(published).then((jwk) => response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: [{ ...jwk, kid: 'k1', alg: 'RS256', use: 'sig' }] })));
});
beforeAll(async () => {
  configureLog({ level: 'silent' });
  ({ privateKey: own, publicKey: published } = await generateKeyPair('RS256', { extractable: true }));
  await new Promise<void>((resolve) => issuer.listen(0, '127.0.0.1', resolve));
  const jwks = createRemoteJWKSet(new URL(`http://127.0.0.1:${(issuer.address() as AddressInfo).port}/jwks.json`));
  shop = await startShop({ limits: { limits: { shedAfter: shedAfter(Infinity) } }, authenticator: createAuthenticator({
    issuers: [{ issuer: ISSUER, audience: AUDIENCE, jwks }],
    resolveViewer: async (identity) => {
      lookedUp += 1;
      return identity.kind === 'partner' ? null : { kind: 'staff', tenantId: 'ten_1', subjectId: identity.subject, scopes: [], channels: 'all' };
    },
  }) });
});
afterAll(async () => {
  await shop.gateway.close();
  issuer.close().closeAllConnections();
});
beforeEach(() => { shop.fetches.length = 0; });

const sign = (header: object = {}, claims: object = {}): Promise<string> => new SignJWT({ ...CLAIMS, ...claims }).setProtectedHeader({ alg: 'RS256', kid: 'k1', ...header }).sign(own);
const as = (token: string): Promise<Seen> => post(shop.gateway, { query: '{ me }' }, { authorization: `Bearer ${token}` });

describe('a token', () => {
  it('that is good gets in', async () => {
    expect((await as(await sign())).text).toBe('{"data":{"me":"ann"}}');
  });

  it.each(['none', 'None', 'nOnE'])('without a signature does not: alg %s', async (alg) => {
    for (const signature of ['', base64url('x')]) expect(await as(`${base64url({ alg, kid: 'k1' })}.${base64url(CLAIMS)}.${signature}`)).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
    expect(shop.fetches).toEqual([]);
  });

  it('whose secret is our public key, in any of its spellings, does not', async () => {
    const spki = await exportSPKI(published);
    const { n = '' } = await exportJWK(published);
    for (const alg of ['HS256', 'HS384', 'HS512']) {
      for (const secret of [spki, spki.trim(), n, JSON.stringify(await exportJWK(published))]) {
        const head = `${base64url({ alg, kid: 'k1' })}.${base64url(CLAIMS)}`;
        const mac = createHmac(`sha${alg.slice(2)}`, secret).update(head).digest('base64url');
        expect(await as(`${head}.${mac}`)).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
      }
    }
  });

  it('that brings its own key, or names where it lies, does not, and nothing is fetched from there', async () => {
    const stranger = await generateKeyPair('RS256', { extractable: true });
    const jwk = await exportJWK(stranger.publicKey);
    let asked = 0;
    const evil = createServer((_request, response) => { asked += 1; response.end(JSON.stringify({ keys: [{ ...jwk, kid: 'k1', alg: 'RS256' }] })); });
    await new Promise<void>((resolve) => evil.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(evil.address() as AddressInfo).port}/keys`;
    for (const header of [{ jwk }, { jku: url }, { x5u: url }, { kid: url }, { kid: '../../../dev/null' }, { kid: "k1' or '1'='1" }, { crit: ['b64'], b64: false }]) {
      const token = await new SignJWT(CLAIMS).setProtectedHeader({ alg: 'RS256', kid: 'k1', ...header }).sign(stranger.privateKey).catch(() => 'x.y.z');
      expect((await as(token)).status).toBe(401);
    }
    expect(asked).toBe(0);
    evil.close();
  });

  it('with a key id that nobody knows has the keys fetched once, not once a token', async () => {
    const before = keysFetched;
    const tokens = await Promise.all(Array.from({ length: 60 }, (_, i) => sign({ kid: `unknown-${i}` })));
    const seen = await Promise.all(tokens.map(as));
    expect(new Set(seen.map(({ status }) => status))).toEqual(new Set([401]));
    expect(keysFetched - before).toBeLessThanOrEqual(2);
    expect((await as(await sign())).status).toBe(200);
  });

  it.each([['too old', { exp: inSeconds(-120) }], ['not yet valid', { nbf: inSeconds(600) }], ['of another audience', { aud: 'other' }], ['of another issuer', { iss: 'https://evil.test' }], ['for nobody', { sub: undefined }], ['without an end', { exp: undefined }]])('that is %s does not', async (_what, claims) => {
    expect(await as(await sign({}, claims))).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
  });

  it('that is huge is not looked at', async () => {
    expect((await as(await sign({}, { pad: 'x'.repeat(9_000) }))).status).toBe(401);
  });
});

describe('guessing', () => {
  it('of keys is stopped by address, and access is asked no more', async () => {
    lookedUp = 0;
    const guess = (i: number): Promise<Seen> => post(shop.gateway, { query: '{ me }' }, { 'x-api-key': `qyk_${i}` });
    const seen: Seen[] = [];
    for (let i = 0; i < 300; i += 1) seen.push(await guess(i));
    expect(seen.at(-1)).toMatchObject({ status: 429, code: 'RATE_LIMITED' });
    expect(seen.at(-1)!.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(lookedUp).toBeLessThan(250);
    expect(shop.fetches).toEqual([]);
  });
});
