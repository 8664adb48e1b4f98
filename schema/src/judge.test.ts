import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { judge } from './judge.js';
import { readRelease, type Release } from './release.js';

const operations = new URL('../operations/', import.meta.url);
const release = readRelease(new URL('../released/', import.meta.url))!;
const now: Release = { ...release, graph: readFileSync(new URL('../graph.graphql', import.meta.url), 'utf8') };
const faultsOf = async (over: Partial<Release>, released: Release | null = now): Promise<readonly string[]> => (await judge({ ...now, ...over }, released, operations, '2026-11-21')).faults;

describe('the check of npm run schema', () => {
  it('finds nothing in what is there', async () => {
    expect(await faultsOf({}, null)).toEqual([]);
    expect(await faultsOf({}, release)).toEqual([]);
  });

  it('names the operation and the file that a break of the real graph would hit', async () => {
    const graph = now.graph.replace(/^ {2}orderNumber: String!$/m, '  number: String!');
    expect(graph).not.toBe(now.graph);
    const faults = await faultsOf({ graph });
    expect(faults).toContainEqual(expect.stringMatching(/'orderNumber' was removed from object type 'Order'.*Asked by .*LiveOrders \(schema\/operations\/10-live-orders\.graphql\)/));
  });

  it('refuses a break of an event within its version', async () => {
    const { 'orders.order-placed.v1': placed, ...events } = now.events;
    const { orderId: _, ...properties } = placed!.schema['properties'] as Record<string, unknown>;
    const faults = await faultsOf({ events: { ...events, 'orders.order-placed.v1': { ...placed!, schema: { ...placed!.schema, properties } } } });
    expect(faults).toEqual([expect.stringContaining('Tell orders.order-placed.v2 beside it')]);
  });

  it('refuses a released migration that is changed or gone', async () => {
    const { '0100_stock': _, ...others } = now.migrations['inventory']!;
    expect(await faultsOf({ migrations: { ...now.migrations, inventory: others } })).toEqual([expect.stringContaining('inventory: 0100_stock has been released')]);
    expect(await faultsOf({ migrations: { ...now.migrations, inventory: { ...others, '0100_stock': 'other' } } })).toEqual([expect.stringContaining('it stays as it was')]);
  });
});
