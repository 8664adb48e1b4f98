import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { Vault } from './index.js';
import type { SealContext } from './index.js';

const KEYS = { old: randomBytes(32), fresh: randomBytes(32), index: randomBytes(32) };
const oldVault = new Vault({ active: 'k1', keys: { k1: KEYS.old }, indexKey: KEYS.index });
const rotated = new Vault({ active: 'k2', keys: { k2: KEYS.fresh, k1: KEYS.old }, indexKey: KEYS.index });

const place: SealContext = { tenantId: 'ten_a', row: 'ord_1', field: 'order.phone' };
const codeOf = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
};

describe('seal and open', () => {
  it('gives back any text, in the place it was sealed for', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (plain) => {
        expect(oldVault.open(oldVault.seal(plain, place), place)).toBe(plain);
      }),
    );
  });

  it('writes version, key id and at least nonce and tag, and nothing readable', () => {
    const sealed = oldVault.seal('+8613812341234', place);
    expect(sealed).toMatch(/^s1\.k1\.[A-Za-z0-9_-]+$/);
    expect(Buffer.from(sealed.split('.')[2] ?? '', 'base64url')).toHaveLength(12 + 14 + 16);
    expect(sealed).not.toMatch(/13812|12341|41234/);
  });

  it('never seals the same text to the same value', () => {
    const values = Array.from({ length: 1_000 }, () => oldVault.seal('x', place));
    expect(new Set(values).size).toBe(values.length);
  });

  it('does not open in another tenant, row or field: two ciphertexts cannot be swapped', () => {
    const one = { place, sealed: oldVault.seal('+8613812341234', place) };
    for (const change of [{ tenantId: 'ten_b' }, { row: 'ord_2' }, { field: 'order.address' }]) {
      const other = { ...place, ...change };
      const sealedThere = oldVault.seal('+8613900000000', other);
      expect(codeOf(() => oldVault.open(sealedThere, one.place))).toBe('SEAL_BROKEN');
      expect(codeOf(() => oldVault.open(one.sealed, other))).toBe('SEAL_BROKEN');
    }
  });

  it('does not confuse contexts that read the same when written in one', () => {
    const cut = (tenantId: string, row: string, field: string): SealContext => ({ tenantId, row, field });
    const alike = [
      [cut('ab', 'c', 'd'), cut('a', 'bc', 'd'), cut('a', 'b', 'cd')],
      [cut('a|b', 'c', 'd'), cut('a', 'b|c', 'd'), cut('a', 'b', 'c|d')],
      [cut('a\0b', 'c', 'd'), cut('a', 'b\0c', 'd')],
      [cut('张', '三', '四'), cut('张三', '四', '四')],
    ];
    for (const group of alike) {
      for (const here of group) {
        for (const there of group) {
          expect(codeOf(() => oldVault.open(oldVault.seal('x', here), there))).toBe(here === there ? 'x' : 'SEAL_BROKEN');
        }
      }
    }
  });

  it('notices any single changed character', () => {
    const sealed = oldVault.seal('+8613812341234', place);
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = sealed.slice(0, at) + (sealed[at] === 'B' ? 'C' : 'B') + sealed.slice(at + 1);
      expect(['SEAL_BROKEN', 'SEAL_KEY_UNKNOWN']).toContain(codeOf(() => oldVault.open(changed, place)));
    }
  });

  it.each(['', 's1', 's1.k1', 's1.k1.', 's1.k1.AAAA', 's2.k1.AAAA', 'plain text', '138****1234'])(
    'refuses %j as broken',
    (text) => {
      expect(codeOf(() => oldVault.open(text, place))).toBe('SEAL_BROKEN');
      expect(codeOf(() => oldVault.needsReseal(text))).toBe('SEAL_BROKEN');
    },
  );

  it('refuses a value that is cut, lengthened or spelt otherwise', () => {
    const sealed = oldVault.seal('+8613812341234', place);
    for (const other of [sealed.slice(0, -4), `${sealed}AAAA`, `${sealed}=`, `${sealed} `, `${sealed}.x`]) {
      expect(codeOf(() => oldVault.open(other, place))).toBe('SEAL_BROKEN');
    }
  });

  it('refuses an empty part of the context, both ways', () => {
    const sealed = oldVault.seal('x', place);
    for (const part of ['tenantId', 'row', 'field']) {
      expect(codeOf(() => oldVault.seal('x', { ...place, [part]: '' }))).toBe('SEAL_CONTEXT_EMPTY');
      expect(codeOf(() => oldVault.open(sealed, { ...place, [part]: undefined }))).toBe('SEAL_CONTEXT_EMPTY');
    }
  });
});

describe('rotation', () => {
  const before = oldVault.seal('+8613812341234', place);

  it('opens with the old key and seals with the active one', () => {
    expect(rotated.open(before, place)).toBe('+8613812341234');
    expect(rotated.needsReseal(before)).toBe(true);
    const after = rotated.seal(rotated.open(before, place), place);
    expect(after.startsWith('s1.k2.')).toBe(true);
    expect(rotated.needsReseal(after)).toBe(false);
  });

  it('names a key that is gone', () => {
    const without = new Vault({ active: 'k2', keys: { k2: KEYS.fresh }, indexKey: KEYS.index });
    expect(codeOf(() => without.open(before, place))).toBe('SEAL_KEY_UNKNOWN');
  });

  it('does not open under the id of another key', () => {
    expect(codeOf(() => rotated.open(before.replace('.k1.', '.k2.'), place))).toBe('SEAL_BROKEN');
  });

  it('keeps the indexes', () => {
    expect(rotated.index('phone', '+8613812341234', 'ten_1')).toBe(oldVault.index('phone', '+8613812341234', 'ten_1'));
  });
});

describe('index', () => {
  it('is the same for the same value, another for another value or kind, and not empty', () => {
    const index = oldVault.index('phone', '+8613812341234', 'ten_1');
    expect(index).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(oldVault.index('phone', '+8613812341234', 'ten_1')).toBe(index);
    expect(oldVault.index('phone', '+8613812341235', 'ten_1')).not.toBe(index);
    expect(oldVault.index('union-id', '+8613812341234', 'ten_1')).not.toBe(index);
    expect(codeOf(() => oldVault.index('phone', '', 'ten_1'))).toBe('INDEX_VALUE_EMPTY');
    expect(oldVault.index('phone', '+8613812341234', 'ten_2')).not.toBe(index);
  });

  it('has its own key', () => {
    const other = new Vault({ active: 'k1', keys: { k1: KEYS.old }, indexKey: randomBytes(32) });
    expect(other.index('phone', '+8613812341234', 'ten_1')).not.toBe(oldVault.index('phone', '+8613812341234', 'ten_1'));
  });
});

describe('a vault', () => {
  it('shows no key, however it is printed', () => {
    const shown = [
      inspect(rotated, { depth: 9, showHidden: true }),
      inspect({ rotated }, { depth: 9, customInspect: false, showHidden: true }),
      JSON.stringify({ rotated }),
      String(rotated),
      JSON.stringify(Object.entries(rotated)),
    ].join('\n');
    for (const key of Object.values(KEYS)) {
      for (const form of ['base64', 'base64url', 'hex', 'latin1'] as const) {
        expect(shown).not.toContain(key.toString(form));
      }
      expect(shown).not.toContain(inspect(key).slice(8, 40));
    }
  });
});
