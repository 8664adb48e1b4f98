import { describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { KeyringError, Vault } from './index.js';

const make = (): string => randomBytes(32).toString('base64');
const place = { tenantId: 'ten_a', row: 'ord_1', field: 'order.phone' };

const reasonOf = (sealKeys: string, indexKey: string): string => {
  try {
    Vault.from({ sealKeys, indexKey });
    return 'taken';
  } catch (error) {
    return error instanceof KeyringError && error.code === 'KEYRING_INVALID' ? error.message : 'another error';
  }
};

describe('Vault.from', () => {
  it('seals with the first key and opens with all', () => {
    const [one, two, index] = [make(), make(), make()];
    const before = Vault.from({ sealKeys: `a:${one}`, indexKey: index }).seal('x', place);
    const vault = Vault.from({ sealKeys: ` b:${two} , a:${one} `, indexKey: `${index}\n` });
    expect(vault.open(before, place)).toBe('x');
    expect(vault.seal('x', place)).toMatch(/^s1\.b\./);
  });

  it('takes base64url too', () => {
    const key = randomBytes(32).toString('base64url');
    expect(reasonOf(`a:${key}`, make())).toBe('taken');
  });

  it('refuses what is no keyring, without showing a key', () => {
    const [one, index] = [make(), make()];
    const short = randomBytes(31).toString('base64');
    const cases: [sealKeys: string, indexKey: string, reason: string][] = [
      ['', index, 'id:base64'],
      [one, index, 'id:base64'],
      [`:${one}`, index, 'id:base64'],
      [`a.b:${one}`, index, 'id:base64'],
      [`a:${one},`, index, 'id:base64'],
      [`a:${short}`, index, 'key a'],
      [`a:${one.slice(0, 20)}!${one.slice(21)}`, index, 'key a'],
      [`a:${one},a:${make()}`, index, 'twice'],
      [`a:${one},b:${one}`, index, 'Key b is used twice'],
      [`a:${one}`, one, 'Key a is used twice'],
      [`a:${one}`, '', 'index key'],
      [`a:${one}`, short, 'index key'],
    ];
    for (const [sealKeys, indexKey, reason] of cases) {
      const message = reasonOf(sealKeys, indexKey);
      expect(message).toContain(reason);
      for (const key of [one, index, short]) expect(message).not.toContain(key.slice(0, 8));
    }
  });

  it('refuses a keyring made in code whose active key is missing or short', () => {
    const [indexKey, a, short] = [randomBytes(32), randomBytes(32), randomBytes(16)];
    expect(() => new Vault({ active: 'b', keys: { a }, indexKey })).toThrow(KeyringError);
    expect(() => new Vault({ active: 'toString', keys: {}, indexKey })).toThrow(KeyringError);
    expect(() => new Vault({ active: 'a', keys: { a: short }, indexKey })).toThrow(KeyringError);
    expect(() => new Vault({ active: 'a', keys: { a }, indexKey: short })).toThrow(KeyringError);
  });
});
