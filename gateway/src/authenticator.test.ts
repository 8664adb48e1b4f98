import { createHash } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ViewerClaims } from '@quanyu/viewer';
import { createLocalJWKSet, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { createAuthenticator, type Authenticator, type GatewayIssuer, type Identity } from './authenticator.js';

const STAFF = 'https://staff.example.test';
const SHOPPERS = 'https://shoppers.example.test';

let issuers: GatewayIssuer[];
let tokenOf: (issuer: string, subject: string, seconds?: number) => Promise<string>;
beforeAll(async () => {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  const jwks = createLocalJWKSet({ keys: [{ ...(await exportJWK(publicKey)), kid: 'k1', alg: 'ES256' }] });
  issuers = [{ issuer: STAFF, audience: 'quanyu', jwks }, { issuer: SHOPPERS, audience: 'quanyu', jwks, kind: 'member' }];
  tokenOf = async (issuer, subject, seconds = 600) => `Bearer ${await new SignJWT({})
    .setProtectedHeader({ alg: 'ES256', kid: 'k1' }).setIssuer(issuer).setAudience('quanyu').setSubject(subject)
    .setExpirationTime(new Date(Date.now() + seconds * 1000)).sign(privateKey)}`;
});

let asked: Identity[];
let answer: (identity: Identity) => Promise<ViewerClaims | null>;
let authenticator: Authenticator;
const claims: ViewerClaims = { kind: 'staff', tenantId: 'ten_1', subjectId: 'stf_1', scopes: [], channels: 'all' };
const make = (cacheSeconds?: number): Authenticator =>
  createAuthenticator({ issuers, cacheSeconds, resolveViewer: (identity) => { asked.push(identity); return answer(identity); } });
beforeEach(() => {
  asked = [];
  answer = async () => claims;
  authenticator = make();
});

const refusedFor = (reason: string) => ({ extensions: expect.objectContaining({ code: 'UNAUTHENTICATED', reason }) });

describe('authenticate', () => {
  it('takes nobody for anonymous, without asking', async () => {
    for (const none of [{}, { authorization: '', apiKey: '' }, { authorization: undefined }]) {
      expect(await authenticator.authenticate(none)).toMatchObject({ viewer: { kind: 'anonymous' }, expiresAt: null });
    }
    expect(asked).toEqual([]);
  });

  it('names staff, members and partners to the resolver', async () => {
    await authenticator.authenticate({ authorization: await tokenOf(STAFF, 'ann') });
    await authenticator.authenticate({ authorization: (await tokenOf(SHOPPERS, 'bo')).replace('Bearer', 'bearer') });
    const partner = await authenticator.authenticate({ apiKey: 'qk_live_1234' });
    expect(asked).toEqual([
      { kind: 'staff', issuer: STAFF, subject: 'ann' },
      { kind: 'member', issuer: SHOPPERS, subject: 'bo' },
      { kind: 'partner', keyHash: createHash('sha256').update('qk_live_1234').digest('hex') },
    ]);
    expect(partner.expiresAt).toBeNull();
  });

  it('tells when the token ends', async () => {
    const { expiresAt } = await authenticator.authenticate({ authorization: await tokenOf(STAFF, 'ann', 90) });
    expect(Math.abs(Number(expiresAt) - Date.now() - 90_000)).toBeLessThan(2_000);
  });

  it('refuses bad credentials with a reason', async () => {
    const refused = (credentials: object, reason: string) => expect(authenticator.authenticate(credentials)).rejects.toMatchObject(refusedFor(reason));
    await refused({ authorization: 'Basic YTpi' }, 'NOT_A_BEARER_TOKEN');
    await refused({ authorization: 'Bearer' }, 'NOT_A_BEARER_TOKEN');
    await refused({ authorization: 'Bearer x.y.z' }, 'TOKEN_INVALID');
    await refused({ authorization: await tokenOf('https://evil.test', 'ann') }, 'TOKEN_INVALID');
    await refused({ authorization: await tokenOf(STAFF, 'ann', -120) }, 'TOKEN_EXPIRED');
    await refused({ authorization: await tokenOf(STAFF, 'ann'), apiKey: 'k' }, 'TWO_CREDENTIALS');
    await refused({ apiKey: 'k'.repeat(300) }, 'UNKNOWN_IDENTITY');
    expect(asked).toEqual([]);
    answer = async () => null;
    await refused({ apiKey: 'guess' }, 'UNKNOWN_IDENTITY');
  });
});

describe('the memory of viewers', () => {
  it('asks once for many, also at once, and again when the time is over', async () => {
    authenticator = make(0.05);
    const authorization = await tokenOf(STAFF, 'ann');
    await Promise.all(Array.from({ length: 20 }, () => authenticator.authenticate({ authorization })));
    expect(asked).toHaveLength(1);
    await new Promise((resolve) => setTimeout(resolve, 80));
    await authenticator.authenticate({ authorization });
    expect(asked).toHaveLength(2);
  });

  it('verifies a token once for a while, and no longer than the token holds', async () => {
    let looked = 0;
    const counting = issuers.map((issuer) => ({ ...issuer, jwks: ((...given: Parameters<GatewayIssuer['jwks']>) => { looked += 1; return issuer.jwks(...given); }) as GatewayIssuer['jwks'] }));
    authenticator = createAuthenticator({ issuers: counting, resolveViewer: () => Promise.resolve(claims) });
    const authorization = await tokenOf(STAFF, 'ann');
    for (let n = 0; n < 3; n += 1) await authenticator.authenticate({ authorization });
    expect(looked).toBe(1);
    await expect(authenticator.authenticate({ authorization: `${authorization}x` })).rejects.toMatchObject(refusedFor('TOKEN_INVALID'));
    // Within the leeway of clocks a token holds though it has ended; then it is verified each time.
    const ended = await tokenOf(STAFF, 'ann', -2);
    looked = 0;
    for (let n = 0; n < 2; n += 1) await authenticator.authenticate({ authorization: ended });
    expect(looked).toBe(2);
  });

  it('remembers that nobody was found, but no failure', async () => {
    answer = async () => null;
    for (let i = 0; i < 5; i += 1) await expect(authenticator.authenticate({ apiKey: 'guess' })).rejects.toMatchObject(refusedFor('UNKNOWN_IDENTITY'));
    expect(asked).toHaveLength(1);
    answer = async () => { throw new Error('database is down'); };
    await expect(authenticator.authenticate({ apiKey: 'good' })).rejects.toThrow('database is down');
    answer = async () => claims;
    expect(await authenticator.authenticate({ apiKey: 'good' })).toMatchObject({ viewer: { subjectId: 'stf_1' } });
  });
});
