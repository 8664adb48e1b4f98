import { createHmac } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { createLocalJWKSet, exportJWK, exportSPKI, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose';
import { TokenError, verifyIdentity, type TrustedIssuer } from './token.js';

const ISSUER = 'https://id.example.test';
const AUDIENCE = 'quanyu';

interface Party { readonly trusted: TrustedIssuer; readonly key: CryptoKey; readonly publicKey: CryptoKey; readonly alg: string }

async function party(alg: string, issuer = ISSUER, kid = 'k1'): Promise<Party> {
  const { privateKey, publicKey } = await generateKeyPair(alg);
  const jwk: JWK = { ...(await exportJWK(publicKey)), kid, alg };
  return { trusted: { issuer, audience: AUDIENCE, jwks: createLocalJWKSet({ keys: [jwk] }) }, key: privateKey, publicKey, alg };
}

interface Claims { iss?: string; aud?: string | string[]; sub?: string; exp?: number; nbf?: number }

const inSeconds = (seconds: number): number => Math.floor(Date.now() / 1000) + seconds;

const sign = (by: Party, change: Claims = {}, header: Record<string, unknown> = {}): Promise<string> =>
  new SignJWT({ iss: ISSUER, aud: AUDIENCE, sub: 'person-1', exp: inSeconds(600), ...change })
    .setProtectedHeader({ alg: by.alg, kid: 'k1', ...header })
    .sign(by.key);

const base64url = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

const codeOf = async (token: string, issuers: readonly TrustedIssuer[]): Promise<unknown> =>
  verifyIdentity(token, issuers).then(() => 'taken', (error: unknown) => (error instanceof TokenError ? error.code : error));

let es: Party;
let rs: Party;
beforeAll(async () => {
  es = await party('ES256');
  rs = await party('RS256', 'https://rs.example.test');
});

describe('verifyIdentity', () => {
  it.each(['RS256', 'ES256', 'EdDSA'])('takes a good %s token', async (alg) => {
    const signer = await party(alg);
    const exp = inSeconds(600);
    expect(await verifyIdentity(await sign(signer, { exp }), [signer.trusted])).toEqual({
      issuer: ISSUER, subject: 'person-1', expiresAt: new Date(exp * 1000),
    });
  });

  it('finds the issuer that the token names, and its keys alone', async () => {
    const token = await sign(rs, { iss: rs.trusted.issuer });
    expect(await verifyIdentity(token, [es.trusted, rs.trusted])).toMatchObject({ issuer: rs.trusted.issuer });
    // Signed by one trusted issuer in the name of another.
    expect(await codeOf(await sign(es, { iss: rs.trusted.issuer }), [es.trusted, rs.trusted])).toBe('TOKEN_INVALID');
  });

  it.each<[string, Claims]>([
    ['another audience', { aud: 'shop' }],
    ['an unknown issuer', { iss: 'https://evil.test' }],
    ['no audience', { aud: undefined }],
    ['no issuer', { iss: undefined }],
    ['no end', { exp: undefined }],
    ['no subject', { sub: undefined }],
    ['an empty subject', { sub: '' }],
    ['an endless subject', { sub: 'x'.repeat(300) }],
    ['a start in the future', { nbf: inSeconds(120) }],
  ])('refuses %s', async (_why, change) => {
    expect(await codeOf(await sign(es, change), [es.trusted])).toBe('TOKEN_INVALID');
  });

  it('tells an expired token apart, with at most 60 seconds of leeway', async () => {
    expect(await codeOf(await sign(es, { exp: inSeconds(-61) }), [es.trusted])).toBe('TOKEN_EXPIRED');
    expect(await codeOf(await sign(es, { exp: inSeconds(-5) }), [es.trusted])).toBe('taken');
  });

  it('refuses alg none', async () => {
    const claims = base64url({ iss: ISSUER, aud: AUDIENCE, sub: 'person-1', exp: inSeconds(600) });
    for (const alg of ['none', 'None', 'NONE']) {
      expect(await codeOf(`${base64url({ alg, kid: 'k1' })}.${claims}.`, [es.trusted])).toBe('TOKEN_INVALID');
    }
  });

  it('refuses HS256 made with the public key as its secret', async () => {
    const head = base64url({ alg: 'HS256', kid: 'k1' });
    const claims = base64url({ iss: rs.trusted.issuer, aud: AUDIENCE, sub: 'person-1', exp: inSeconds(600) });
    const mac = createHmac('sha256', await exportSPKI(rs.publicKey)).update(`${head}.${claims}`).digest('base64url');
    expect(await codeOf(`${head}.${claims}.${mac}`, [rs.trusted])).toBe('TOKEN_INVALID');
  });

  it('takes keys from the map alone, whatever the header offers', async () => {
    const stranger = await party('ES256');
    const jwk = await exportJWK(stranger.publicKey);
    expect(await codeOf(await sign(stranger), [es.trusted])).toBe('TOKEN_INVALID');
    expect(await codeOf(await sign(stranger, {}, { jwk }), [es.trusted])).toBe('TOKEN_INVALID');
    expect(await codeOf(await sign(stranger, {}, { jku: 'http://127.0.0.1:9/keys' }), [es.trusted])).toBe('TOKEN_INVALID');
    expect(await codeOf(await sign(es, {}, { kid: '../../k1' }), [es.trusted])).toBe('TOKEN_INVALID');
    expect(await codeOf(await sign(es, {}, { kid: undefined }), [es.trusted])).toBe('TOKEN_INVALID');
  });

  it('refuses what was changed, what is no token, and what is too long', async () => {
    const [head, , signature] = (await sign(es)).split('.');
    const claims = base64url({ iss: ISSUER, aud: AUDIENCE, sub: 'person-2', exp: inSeconds(600) });
    for (const token of [`${head}.${claims}.${signature}`, '', 'x', 'a.b.c', `${await sign(es)}.x`, '\u0000.\u0000.\u0000']) {
      expect(await codeOf(token, [es.trusted])).toBe('TOKEN_INVALID');
    }
    const long = await new SignJWT({ iss: ISSUER, aud: AUDIENCE, sub: 'p', exp: inSeconds(60), pad: 'x'.repeat(9000) })
      .setProtectedHeader({ alg: 'ES256', kid: 'k1' }).sign(es.key);
    expect(await codeOf(long, [es.trusted])).toBe('TOKEN_INVALID');
  });

  it('does not blame the token when keys cannot be had', async () => {
    const broken = { ...es.trusted, jwks: () => Promise.reject(new Error('connect ECONNREFUSED')) };
    expect(await codeOf(await sign(es), [broken])).toMatchObject({ message: 'connect ECONNREFUSED' });
  });
});
