import { describe, expect, it } from '@jest/globals';
import { holdsAt, isValidity, nextChange, priceAt } from './price.js';
import { containing } from './search.js';
import { firstFault, type SkuDraft } from './sku-draft.js';

const draft = (over: Partial<SkuDraft> = {}): SkuDraft => ({ code: 'A-1', weightGrams: null, price: null, ...over });
const NONE: ReadonlySet<string> = new Set();

describe('a draft of a SKU', () => {
  it.each([
    [[draft()], null],
    [[], null],
    [[draft({ price: { amountMinor: 0 } })], null],
    [[draft({ weightGrams: 0 })], null],
    [[draft({ code: '' })], { index: 0, field: 'code', code: 'SKU_CODE_INVALID' }],
    [[draft({ code: ' A' })], { index: 0, field: 'code', code: 'SKU_CODE_INVALID' }],
    [[draft({ code: 'x'.repeat(201) })], { index: 0, field: 'code', code: 'SKU_CODE_INVALID' }],
    [[draft(), draft()], { index: 1, field: 'code', code: 'SKU_CODE_TAKEN' }],
    [[draft({ weightGrams: -1 })], { index: 0, field: 'weightGrams', code: 'WEIGHT_INVALID' }],
    [[draft(), draft({ code: 'A-2', price: { amountMinor: -1 } })], { index: 1, field: 'price', code: 'PRICE_NEGATIVE' }],
  ])('%j is judged %j', (drafts, fault) => {
    expect(firstFault(drafts, NONE)).toEqual(fault);
  });

  it('may not take a code that another SKU has, but one that differs by a letter case', () => {
    expect(firstFault([draft()], new Set(['A-1']))).toMatchObject({ code: 'SKU_CODE_TAKEN' });
    expect(firstFault([draft({ code: 'a-1' })], new Set(['A-1']))).toBeNull();
  });
});

describe('a price', () => {
  const noon = new Date('2026-01-01T12:00:00Z');
  const before = new Date('2026-01-01T11:59:59.999Z');

  it.each([
    [null, null, true], [noon, null, true], [null, noon, false], [before, noon, false], [null, before, false],
  ])('from %s to %s holds at noon: %s', (validFrom, validTo, expected) => {
    expect(holdsAt({ validFrom, validTo }, noon)).toBe(expected);
  });

  it('has its end after its start', () => {
    expect(isValidity({ validFrom: before, validTo: noon })).toBe(true);
    expect(isValidity({ validFrom: noon, validTo: noon })).toBe(false);
    expect(isValidity({ validFrom: noon, validTo: null })).toBe(true);
  });

  it('is found by currency and never converted', () => {
    const cny = { currency: 'CNY', validFrom: null, validTo: null };
    const oldUsd = { currency: 'USD', validFrom: null, validTo: noon };
    expect(priceAt([oldUsd, cny], 'CNY', noon)).toBe(cny);
    expect(priceAt([oldUsd, cny], 'USD', noon)).toBeNull();
    expect(priceAt([oldUsd, cny], 'USD', before)).toBe(oldUsd);
    expect(priceAt([], 'CNY', noon)).toBeNull();
  });

  it('changes next at the first start or end to come', () => {
    const [first, last] = [new Date(noon.getTime() + 1), new Date(noon.getTime() + 2)];
    expect(nextChange([{ validFrom: before, validTo: last }, { validFrom: first, validTo: null }], noon)).toEqual(first);
    expect(nextChange([{ validFrom: before, validTo: last }], noon)).toEqual(last);
    expect(nextChange([{ validFrom: before, validTo: noon }, {}], noon)).toBeNull();
  });
});

describe('a search', () => {
  it.each([['tea', '%tea%'], [' tea cup ', '%tea cup%'], ['100%', '%100\\%%'], ['a_b', '%a\\_b%'], ['a\\b', '%a\\\\b%'], ['  ', null]])('for %j looks for %j', (text, pattern) => {
    expect(containing(text)).toBe(pattern);
  });
});
