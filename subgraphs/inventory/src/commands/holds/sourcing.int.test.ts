import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@quanyu/ids';
import { openTestSubgraph, type Json, type TestSubgraph } from '@quanyu/testing';
import fc from 'fast-check';
import { inventory } from '../../subgraph.js';
import { changeStock } from '../levels/change-stock.js';
import { ensureLocation } from '../levels/ensure-location.js';
import { reserveStock } from './reserve-stock.js';

let subgraph: TestSubgraph;
beforeAll(async () => { subgraph = await openTestSubgraph(inventory); });
afterAll(() => subgraph.close());

type Stock = Readonly<Record<string, Readonly<Record<string, number>>>>;
interface Shop { readonly tenantId: string; readonly skus: Readonly<Record<string, string>>; readonly names: ReadonlyMap<string, string> }

/** A shop with stock by location and SKU, and how near each location is to a region. */
async function shop(stock: Stock, rules: readonly [region: string, location: string, rank: number][] = [], prefer?: 'NEAREST'): Promise<Shop> {
  const tenantId = newId('ten');
  const skus: Record<string, string> = {};
  const names = new Map<string, string>();
  await subgraph.deps.database.write(tenantId, 'test', async (em) => {
    const ids: Record<string, string> = {};
    const changes = [];
    for (const [location, units] of Object.entries(stock)) {
      const { id } = await ensureLocation(em, tenantId, location);
      ids[location] = id;
      names.set(id, location);
      for (const [name, onHand] of Object.entries(units)) changes.push({ skuId: (skus[name] ??= newId('sku')), locationId: id, reason: 'COUNT' as const, onHand: { to: onHand } });
    }
    await changeStock(em, { tenantId, changes });
    for (const [region, location, rank] of rules) await em.execute('insert into sourcing_rule (tenant_id, region, location_id, rank) values (?, ?, ?, ?)', [tenantId, region, ids[location], rank]);
    if (prefer !== undefined) await em.execute('insert into sourcing_policy (tenant_id, prefer) values (?, ?)', [tenantId, prefer]);
  });
  return { tenantId, skus, names };
}

/** Where an ask's units come from: `{ location: { sku: units } }`; null when it is short. */
async function sources({ tenantId, skus, names }: Shop, wanted: Readonly<Record<string, number>>, region: string | null = null): Promise<Record<string, Record<string, number>> | null> {
  const key = newId('ord');
  const outcome = await reserveStock(subgraph.deps.database, { tenantId, key, region, lines: Object.entries(wanted).map(([name, quantity]) => ({ skuId: skus[name]!, quantity })) });
  if (outcome.kind !== 'held') return null;
  const rows = await subgraph.rows<Json>(tenantId, 'select l.location_id, x.sku_id, x.quantity from reservation_line x join stock_level l on l.id = x.stock_level_id where x.reservation_id = ?', [outcome.reservationId]);
  const taken: Record<string, Record<string, number>> = {};
  for (const { location_id: id, sku_id: sku, quantity } of rows) (taken[names.get(id)!] ??= {})[Object.entries(skus).find(([, skuId]) => skuId === sku)![0]] = quantity;
  return taken;
}

describe('an order that several locations could serve', () => {
  it('comes in one parcel where one location has all of it, the nearest of those', async () => {
    const rules: [string, string, number][] = [['SH', 'north', 9], ['SH', 'east', 1], ['SH', 'south', 2], ['*', 'south', 0]];
    const stock = { north: { a: 9, b: 9 }, east: { a: 1, b: 9 }, south: { a: 5, b: 5 } };
    expect(await sources(await shop(stock, rules), { a: 2, b: 2 }, 'SH')).toEqual({ south: { a: 2, b: 2 } });
    expect(await sources(await shop(stock, rules), { a: 1, b: 2 }, 'SH')).toEqual({ east: { a: 1, b: 2 } });
    expect(await sources(await shop(stock, rules), { a: 1, b: 2 }, 'GD')).toEqual({ south: { a: 1, b: 2 } });
    expect(await sources(await shop(stock, rules), { a: 9, b: 1 }, 'SH')).toEqual({ north: { a: 9, b: 1 } });
  });

  it('is split over as few as will do where none has all of it', async () => {
    expect(await sources(await shop({ x: { a: 4 }, y: { a: 3 }, z: { a: 3 } }, [['*', 'y', 0]]), { a: 6 })).toEqual({ x: { a: 4 }, y: { a: 2 } });
    expect(await sources(await shop({ x: { a: 4, b: 0 }, y: { a: 0, b: 4 } }), { a: 1, b: 1 })).toEqual({ x: { a: 1 }, y: { b: 1 } });
    expect(await sources(await shop({ x: { a: 4 }, y: { a: 3 } }), { a: 8 })).toBeNull();
  });

  it('comes from near by before all else, for who prefers that', async () => {
    const rules: [string, string, number][] = [['*', 'near', 1], ['*', 'far', 5]];
    expect(await sources(await shop({ near: { a: 1, b: 5 }, far: { a: 9, b: 9 } }, rules, 'NEAREST'), { a: 2, b: 2 })).toEqual({ near: { a: 1, b: 2 }, far: { a: 1 } });
  });

  it('never takes more from a location than it has, and always all that was asked, or says that it is short', async () => {
    const units = fc.record({ a: fc.nat({ max: 6 }), b: fc.nat({ max: 6 }) });
    const orders = fc.array(fc.record({ a: fc.integer({ min: 1, max: 5 }), b: fc.integer({ min: 1, max: 5 }) }), { minLength: 1, maxLength: 6 });
    await fc.assert(fc.asyncProperty(fc.record({ x: units, y: units, z: units }), orders, fc.boolean(), async (stock, wanted, nearest) => {
      const tried = await shop(stock, [['*', 'z', 0], ['*', 'x', 1]], nearest ? 'NEAREST' : undefined);
      const left: Record<string, Record<string, number>> = structuredClone(stock);
      for (const want of wanted) {
        const total = (name: 'a' | 'b') => left.x![name]! + left.y![name]! + left.z![name]!;
        const taken = await sources(tried, want);
        if (taken === null) {
          expect(total('a') < want.a || total('b') < want.b).toBe(true);
          continue;
        }
        const whole = Object.entries(left).filter(([, have]) => have.a! >= want.a && have.b! >= want.b).map(([location]) => location);
        if (!nearest && whole.length > 0) expect(Object.keys(taken)).toEqual([['z', 'x', 'y'].find((location) => whole.includes(location))]);
        for (const name of ['a', 'b'] as const) expect(Object.values(taken).reduce((sum, of) => sum + (of[name] ?? 0), 0)).toBe(want[name]);
        for (const [location, of] of Object.entries(taken)) for (const [name, quantity] of Object.entries(of)) {
          left[location]![name]! -= quantity;
          expect(left[location]![name]).toBeGreaterThanOrEqual(0);
        }
      }
    }), { numRuns: 25 });
  });
});

describe('an ask that takes part', () => {
  it('gets what there is over all locations, and is told what it did not get, also when it asks again', async () => {
    const { tenantId, skus } = await shop({ x: { a: 2, b: 1 }, y: { a: 1, b: 0 } });
    const key = newId('req');
    const ask = () => reserveStock(subgraph.deps.database, { tenantId, key, inPart: true, lines: [{ skuId: skus.a!, quantity: 5 }, { skuId: skus.b!, quantity: 1 }] });
    const shortages = [{ skuId: skus.a, asked: 5, available: 3 }];
    expect(await ask()).toMatchObject({ kind: 'held', replay: false, shortages });
    expect(await ask()).toMatchObject({ kind: 'held', replay: true, shortages });
    expect(await reserveStock(subgraph.deps.database, { tenantId, key: newId('req'), inPart: true, lines: [{ skuId: skus.a!, quantity: 5 }] })).toMatchObject({ kind: 'short', shortages: [{ available: 0 }] });
  });
});
