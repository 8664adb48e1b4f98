import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MERGE_BELOW_GRAMS, MERGE_HOURS, PARCEL_UP_TO_GRAMS, suggestCarrier, suggestMerges, suggestSplit, type MergeCandidate, type SplitLine } from './shipping-advice.js';

const at = (minutes: number): Date => new Date(minutes * 60_000);
const order = (orderId: string, over: Partial<MergeCandidate> = {}): MergeCandidate => ({ orderId, channelId: 'a', receiver: 'r', placedAt: at(0), weightGrams: 1_000, ...over });

describe('orders that could be sent together', () => {
  it('are those of one channel to one receiver', () => {
    expect(suggestMerges([order('1'), order('2'), order('3', { channelId: 'b' }), order('4', { receiver: 's' }), order('5', { receiver: null })])).toEqual([
      { orderIds: ['1', '2'], weightGrams: 2_000, parcelsSaved: 1, reasons: ['SAME_RECEIVER', 'WITHIN_2_HOURS', 'BELOW_10_KG'] }]);
  });
  it.each([[119, 1], [120, 0]])('are placed less than two hours apart (%d minutes)', (minutes, found) => {
    expect(suggestMerges([order('1'), order('2', { placedAt: at(minutes) })])).toHaveLength(found);
  });
  it.each([[8_999, 1], [9_000, 0]])('weigh below 10 kg together (%d g more)', (weightGrams, found) => {
    expect(suggestMerges([order('1'), order('2', { weightGrams })])).toHaveLength(found);
  });
  it('are never suggested where a weight is not known', () => {
    expect(suggestMerges([order('1'), order('2', { weightGrams: null })])).toEqual([]);
  });
  it('keep every limit, and stand in one suggestion at most', () => {
    const any = fc.array(fc.record({ orderId: fc.uuid(), channelId: fc.constantFrom('a', 'b'), receiver: fc.option(fc.constantFrom('r', 's')), placedAt: fc.nat(600).map(at), weightGrams: fc.option(fc.nat(12_000)) }), { maxLength: 40 });
    fc.assert(fc.property(any, (orders) => {
      const byId = new Map(orders.map((one) => [one.orderId, one]));
      const found = suggestMerges(orders);
      const ids = found.flatMap(({ orderIds }) => orderIds);
      expect(new Set(ids).size).toBe(ids.length);
      for (const { orderIds, weightGrams } of found) {
        const group = orderIds.map((id) => byId.get(id)!);
        const times = group.map(({ placedAt }) => placedAt.getTime());
        expect(new Set(group.map(({ channelId, receiver }) => `${channelId}/${receiver}`)).size).toBe(1);
        expect(Math.max(...times) - Math.min(...times)).toBeLessThan(MERGE_HOURS * 3_600_000);
        expect(weightGrams).toBeLessThan(MERGE_BELOW_GRAMS);
      }
    }));
  });
});

const line = (lineId: string, over: Partial<SplitLine> = {}): SplitLine => ({ lineId, quantity: 1, weightGrams: 1_000, preSale: false, locationId: 'main', ...over });

describe('an order that should be sent apart', () => {
  it('is one of which goods lie in different places', () => {
    expect(suggestSplit([line('1'), line('2', { locationId: 'north' })]).map(({ lines, reasons }) => [lines[0]!.lineId, reasons])).toEqual([['1', ['LOCATIONS']], ['2', ['LOCATIONS']]]);
  });
  it('is one of pre-sale goods and goods that are there', () => {
    expect(suggestSplit([line('1'), line('2', { preSale: true })])).toMatchObject([{ reasons: ['PRE_SALE'] }, { reasons: ['PRE_SALE'] }]);
  });
  it('is one over 20 kg; a single piece over 20 kg has a parcel of its own', () => {
    expect(suggestSplit([line('1', { quantity: 3, weightGrams: 8_000 })])).toEqual([
      { lines: [{ lineId: '1', quantity: 2 }], weightGrams: 16_000, reasons: ['OVER_20_KG'] }, { lines: [{ lineId: '1', quantity: 1 }], weightGrams: 8_000, reasons: ['OVER_20_KG'] }]);
    expect(suggestSplit([line('1', { weightGrams: 25_000 }), line('2')]).map(({ weightGrams }) => weightGrams)).toEqual([25_000, 1_000]);
    expect(suggestSplit([line('1', { weightGrams: 20_000 })])).toMatchObject([{ reasons: [] }]);
  });
  it('has every unit in one parcel, and none too heavy but of a single piece', () => {
    const any = fc.array(fc.record({ lineId: fc.uuid(), quantity: fc.integer({ min: 1, max: 40 }), weightGrams: fc.option(fc.nat(30_000)), preSale: fc.boolean(), locationId: fc.option(fc.constantFrom('a', 'b')) }), { minLength: 1, maxLength: 8 });
    fc.assert(fc.property(any, (lines) => {
      const parcels = suggestSplit(lines);
      for (const { lineId, quantity } of lines) expect(parcels.flatMap((parcel) => parcel.lines).filter((one) => one.lineId === lineId).reduce((sum, one) => sum + one.quantity, 0)).toBe(quantity);
      for (const parcel of parcels) expect(parcel.weightGrams <= PARCEL_UP_TO_GRAMS || parcel.lines.reduce((sum, one) => sum + one.quantity, 0) === 1 || parcel.lines.some((one) => (lines.find(({ lineId }) => lineId === one.lineId)!.weightGrams ?? 0) === 0)).toBe(true);
    }));
  });
});

describe('who should carry it', () => {
  it.each<[string | null, string, number | null, string, string[]]>([
    ['江苏省', 'CN', 500, 'EAST', ['ZTO', 'YTO']], ['Zhejiang', 'CN', 500, 'EAST', ['ZTO', 'YTO']], ['上海', 'CN', 500, 'EAST', ['ZTO', 'YTO']],
    ['广东省', 'CN', 500, 'SOUTH', ['SF']], ['福建', 'CN', 500, 'SOUTH', ['SF']],
    ['新疆维吾尔自治区', 'CN', 500, 'REMOTE', ['EMS']], ['西藏', 'CN', null, 'REMOTE', ['EMS']],
    ['上海', 'CN', 20_001, 'HEAVY_PIECE', ['DEPPON']], ['上海', 'CN', 20_000, 'EAST', ['ZTO', 'YTO']],
    [null, 'US', 500, 'ABROAD', ['EMS']], ['四川', 'CN', 500, 'ELSEWHERE', ['ZTO', 'YTO', 'STO', 'YUNDA']], [null, 'CN', null, 'ELSEWHERE', ['ZTO', 'YTO', 'STO', 'YUNDA']],
  ])('to %s, %s, heaviest piece %d g: %s', (province, countryCode, heaviestPieceGrams, rule, carriers) => {
    expect(suggestCarrier({ province, countryCode, heaviestPieceGrams })).toMatchObject({ rule, carriers });
  });
});
