import { describe, expect, it } from '@jest/globals';
import { firstIdAt, InvalidIdError, isId, madeAt, newId, parseId } from './index.js';
import type { Id } from './index.js';

const GOOD = 'ord_01h455vb4pex5vsknk084sn02q';

const refusalOf = (value: string): unknown => {
  try {
    return parseId('ord', value);
  } catch (error) {
    return error;
  }
};

describe('newId', () => {
  it('makes ids that parse under their own prefix and no other', () => {
    const id = newId('ord');
    expect(id).toMatch(/^ord_[0-9a-z]{26}$/);
    expect(parseId('ord', id)).toBe(id);
    expect(isId('sku', id)).toBe(false);
  });

  it('sorts in the order of making, without a double', () => {
    const ids = Array.from({ length: 5_000 }, () => newId('evt'));
    expect([...ids].sort()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('keeps kinds apart at compile time', () => {
    const sku: Id<'sku'> = newId('sku');
    // @ts-expect-error a SKU's id is not an order's
    const order: Id<'ord'> = sku;
    expect(isId('ord', order)).toBe(false);
  });
});

describe('parseId', () => {
  it('takes a good id as it is', () => {
    expect(parseId('ord', GOOD)).toBe(GOOD);
  });

  it.each([
    ['nothing', ''],
    ['another prefix', GOOD.replace('ord', 'sku')],
    ['no prefix', GOOD.slice(4)],
    ['no separator', GOOD.replace('_', '')],
    ['another separator', GOOD.replace('_', '-')],
    ['a letter too few', GOOD.slice(0, -1)],
    ['a letter too many', `${GOOD}0`],
    ['upper case', GOOD.toUpperCase()],
    ['an upper case suffix', `ord_${GOOD.slice(4).toUpperCase()}`],
    ['the letter l', `${GOOD.slice(0, -1)}l`],
    ['the letter u', `${GOOD.slice(0, -1)}u`],
    ['more than 128 bits', `ord_8${GOOD.slice(5)}`],
    ['a space before', ` ${GOOD}`],
    ['a line end after', `${GOOD}\n`],
    ['a full-width digit', `${GOOD.slice(0, -1)}１`],
    ['a double prefix', `ord_${GOOD}`],
  ])('refuses %s', (_why, value) => {
    expect(refusalOf(value)).toMatchObject({ code: 'INVALID_ID', expectedPrefix: 'ord' });
    expect(refusalOf(value)).toBeInstanceOf(InvalidIdError);
    expect(isId('ord', value)).toBe(false);
  });

  it('speaks English and Chinese and never repeats what was sent', () => {
    const refusal = refusalOf('13812341234') as InvalidIdError;
    expect(refusal.messages.en).toContain('ord_');
    expect(refusal.messages['zh-CN']).toContain('ord_');
    expect(JSON.stringify([refusal, refusal.message])).not.toContain('13812341234');
  });

  it('refuses what is no string', () => {
    expect(isId('ord', 7)).toBe(false);
    expect(isId('ord', null)).toBe(false);
    expect(isId('ord', { toString: () => GOOD })).toBe(false);
  });
});

describe('firstIdAt', () => {
  it('lies before all ids of its instant and after all of the one before', () => {
    const before = Date.now();
    const id = newId('dlv');
    const after = Date.now();
    expect([firstIdAt('dlv', new Date(before)) <= id, id < firstIdAt('dlv', new Date(after + 1)), isId('dlv', firstIdAt('dlv', new Date(before)))]).toEqual([true, true, true]);
    expect(firstIdAt('dlv', new Date(0))).toBe(`dlv_${'0'.repeat(26)}`);
  });
});

describe('madeAt', () => {
  it('is what firstIdAt began with, and within the moment of making', () => {
    for (const ms of [0, 1, Date.UTC(2026, 2, 1, 4, 5, 6, 789), 2 ** 48 - 1]) expect(madeAt(firstIdAt('pay', new Date(ms))).getTime()).toBe(ms);
    const before = Date.now();
    const at = madeAt(newId('pay')).getTime();
    expect(at).toBeGreaterThanOrEqual(before);
    expect(at).toBeLessThanOrEqual(Date.now());
  });
});
