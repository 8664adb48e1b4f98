import { describe, expect, it } from '@jest/globals';
import { SignJWT } from 'jose';
import { makeServiceKey, readPrivateKey, readPublicKeys, serviceKeys, type ServiceKeys } from './keys.js';
import { ServiceTokens, type ServiceTokenError } from './tokens.js';

const texts = { gateway: makeServiceKey(), orders: makeServiceKey(), finance: makeServiceKey() };
const list = Object.entries(texts).map(([name, { publicKey }]) => `${name}:${publicKey}`).join(',');
const keysOf = (name: keyof typeof texts): ServiceKeys => serviceKeys(name, readPrivateKey(texts[name].privateKey), readPublicKeys(list));

let time = Date.parse('2026-11-21T00:00:00Z');
const now = (): number => time;
const gateway = new ServiceTokens(keysOf('gateway'), now);
const orders = new ServiceTokens(keysOf('orders'), now);
const finance = new ServiceTokens(keysOf('finance'), now);

const refusal = async (tokens: ServiceTokens, header: string | undefined): Promise<string> =>
  tokens.callerOf(header).then((caller) => `taken from ${caller}`, (error: unknown) => (error as ServiceTokenError).code);

describe('a service token', () => {
  it('tells its callee who calls', async () => {
    expect(await orders.callerOf(await gateway.headerFor('orders'))).toBe('gateway');
    expect(await orders.callerOf(await finance.headerFor('orders'))).toBe('finance');
  });

  it('opens one service only', async () => {
    expect(await refusal(finance, await gateway.headerFor('orders'))).toBe('SERVICE_TOKEN_INVALID');
  });

  it('ends after a minute, also where it was verified before, and is made anew before that', async () => {
    const header = await gateway.headerFor('orders');
    expect(await orders.callerOf(header)).toBe('gateway');
    time += 31_000;
    expect(await gateway.headerFor('orders')).not.toBe(header);
    expect(await orders.callerOf(header)).toBe('gateway');
    time += 40_000;
    expect(await refusal(orders, header)).toBe('SERVICE_TOKEN_EXPIRED');
    expect(await orders.callerOf(await gateway.headerFor('orders'))).toBe('gateway');
  });

  it('is refused when it is missing, mutilated or of another kind', async () => {
    const header = await gateway.headerFor('orders');
    expect(await refusal(orders, undefined)).toBe('SERVICE_TOKEN_MISSING');
    for (const bad of ['', 'Bearer ', 'Basic abc', `${header.slice(0, -4)}AAAA`, header.replace('Bearer ', ''), `Bearer ${'a'.repeat(3000)}`]) {
      expect(await refusal(orders, bad)).toBe('SERVICE_TOKEN_INVALID');
    }
  });

  it('cannot be made by a service in the name of another, nor for longer than a minute', async () => {
    const { kid, privateKey } = keysOf('finance');
    const seconds = Math.floor(time / 1000);
    const forge = async (over: { iss?: string; typ?: string; kid?: string; seconds?: number }): Promise<string> => `Bearer ${await new SignJWT()
      .setProtectedHeader({ alg: 'EdDSA', typ: over.typ ?? 'quanyu-service+jwt', kid: over.kid ?? kid })
      .setIssuer(over.iss ?? 'finance').setAudience('orders').setIssuedAt(seconds).setExpirationTime(seconds + (over.seconds ?? 60)).sign(privateKey)}`;
    expect(await refusal(orders, await forge({}))).toBe('taken from finance');
    expect(await refusal(orders, await forge({ iss: 'gateway' }))).toBe('SERVICE_TOKEN_INVALID');
    expect(await refusal(orders, await forge({ iss: 'gateway', kid: keysOf('gateway').kid }))).toBe('SERVICE_TOKEN_INVALID');
    expect(await refusal(orders, await forge({ typ: 'JWT' }))).toBe('SERVICE_TOKEN_INVALID');
    const forever = await forge({ seconds: 1_000_000 });
    time += 70_000;
    expect(await refusal(orders, forever)).toBe('SERVICE_TOKEN_EXPIRED');
  });
});

describe('service keys', () => {
  it('say what is wrong without quoting any of it', () => {
    expect(() => readPrivateKey('not-a-key')).toThrow('is not the text of an Ed25519 private key');
    expect(() => readPublicKeys('gateway:short')).toThrow(/npm run secrets/);
    expect(() => serviceKeys('orders', readPrivateKey(texts.gateway.privateKey), readPublicKeys(list))).toThrow(/under the name orders/);
  });

  it('can be changed while both are on the list', async () => {
    const next = makeServiceKey();
    const both = readPublicKeys(`${list},gateway:${next.publicKey}`);
    const callee = new ServiceTokens({ ...keysOf('orders'), publicKeys: both }, now);
    expect(await callee.callerOf(await gateway.headerFor('orders'))).toBe('gateway');
    expect(await callee.callerOf(await new ServiceTokens(serviceKeys('gateway', readPrivateKey(next.privateKey), both), now).headerFor('orders'))).toBe('gateway');
  });
});
