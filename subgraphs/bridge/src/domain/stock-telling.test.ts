import { describe, expect, it } from '@jest/globals';
import { levelsOf, outcomeOf, type Figure, type LevelResult } from './stock-telling.js';

const figure = (over: Partial<Figure> = {}): Figure => ({ skuId: 'sku_1', quantity: 7, toldQuantity: 9, attempts: 0, names: ['MUG'], isMapped: true, ...over });
const outcome = (over: Partial<Figure>, ...results: readonly (readonly [string, LevelResult])[]) => outcomeOf(figure(over), new Map(results));

describe('a figure', () => {
  it('is compared the first time where the shop can, and told as it is after that', () => {
    expect(levelsOf(figure(), true)).toEqual([{ externalSku: 'MUG', quantity: 7, expected: 9 }]);
    expect(levelsOf(figure({ attempts: 1 }), true)).toEqual([{ externalSku: 'MUG', quantity: 7, expected: null }]);
    expect(levelsOf(figure(), false)).toEqual([{ externalSku: 'MUG', quantity: 7, expected: null }]);
    expect(levelsOf(figure({ names: ['MUG', 'MUG-2', 'title:mug'] }), false).map(({ externalSku }) => externalSku)).toEqual(['MUG', 'MUG-2']);
  });

  it('is taken, refused, or told again later', () => {
    expect(outcome({}, ['MUG', 'SET'])).toEqual({ kind: 'accepted' });
    expect(outcome({}, ['MUG', 'UNKNOWN_SKU'])).toEqual({ kind: 'failed', code: 'UNKNOWN_SKU' });
    expect(outcome({ isMapped: false }, ['MUG', 'UNKNOWN_SKU'])).toEqual({ kind: 'accepted' });
    expect(outcome({}, ['MUG', 'CHANGED_MEANWHILE'])).toEqual({ kind: 'later' });
    expect(outcome({ names: ['MUG', 'MUG-2'] }, ['MUG', 'SET'], ['MUG-2', 'UNKNOWN_SKU'])).toEqual({ kind: 'failed', code: 'UNKNOWN_SKU' });
    expect(outcome({ names: ['variant:7'] })).toEqual({ kind: 'failed', code: 'NO_SKU_IN_SHOP' });
    expect([outcome({ names: [] }), outcome({ names: [], attempts: 5 })]).toEqual([{ kind: 'later' }, { kind: 'failed', code: 'SKU_UNKNOWN' }]);
  });
});
