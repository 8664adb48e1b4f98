import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { channelProductTold, type EventOf } from '@quanyu/events';
import { newId } from '@quanyu/ids';
import { openTestSubgraph, staffOf, TEST_TENANT, type Json, type TestSubgraph } from '@quanyu/testing';
import fc from 'fast-check';
import { catalog } from '../subgraph.js';

type Told = EventOf<typeof channelProductTold>['data'];
type Variant = Told['variants'][number];

let subgraph: TestSubgraph;
beforeAll(async () => { subgraph = await openTestSubgraph(catalog); });
afterAll(() => subgraph.close());

const variant = (id: string, over: Partial<Variant> = {}): Variant =>
  ({ externalVariantId: id, externalSku: `EXT-${id}`, title: 'M', priceMinor: 1990, compareAtMinor: null, quantity: 7, weight: { value: '0.350', unit: 'kg' }, requiresShipping: true, options: ['M'], ...over });
const at = (minute: number): string => new Date(Date.UTC(2026, 2, 1, 10, minute)).toISOString();
const told = (connectionId: string, over: Partial<Told> = {}) => channelProductTold({ tenantId: TEST_TENANT, sequence: 1, data: {
  connectionId, platform: 'SHOPLAZZA', externalProductId: 'p1', changedAt: at(0), readAt: at(0), part: 1, parts: 1, currency: 'CNY', removed: false, variants: [variant('v1')],
  product: { title: '<b>Cup</b>', bodyHtml: '<script>1</script>', vendor: 'Acme', productType: 'cup', handle: 'cup', tags: ['a'], status: 'ACTIVE', publishedAt: null, options: [{ name: 'Size', values: ['M'] }], images: [{ externalImageId: 'i1', src: 'https://cdn.example.com/1.jpg', position: 1, width: null, height: null }] },
  ...over,
} });
const FIELDS = `externalProductId title bodyHtml vendor productType handle publishedAt tags status options { name values } variantCount images { externalImageId src position }
  variants { externalVariantId externalSku price { amount currency } compareAtPrice { amount } quantity weight { value unit } options mapping sku { code } }`;
const listed = async (connectionId: string, { query = null as string | null, viewer = staffOf(TEST_TENANT) } = {}): Promise<Json[]> =>
  (await subgraph.ask(`query($refs: [_Any!]!, $query: String) { _entities(representations: $refs) { ... on Channel { listedProducts(first: 50, query: $query) { totalCount nodes { ${FIELDS} } } } } }`, { refs: [{ __typename: 'Channel', id: connectionId }], query }, viewer)).data!._entities[0].listedProducts.nodes as Json[];
const unmapped = async (connectionId: string): Promise<string[]> =>
  ((await subgraph.ask('query($refs: [_Any!]!) { _entities(representations: $refs) { ... on Channel { listedVariants(first: 250, unmapped: true) { totalCount nodes { externalSku product { title } } } } } }', { refs: [{ __typename: 'Channel', id: connectionId }] })).data!._entities[0].listedVariants.nodes as Json[]).map(({ externalSku }) => externalSku as string);

describe('what a channel sells', () => {
  it('is a mirror of the channel, with prices as they were told and none where none was', async () => {
    const channel = newId('con');
    const event = told(channel, { variants: [variant('v1', { compareAtMinor: 2990 }), variant('v2', { priceMinor: null, quantity: -3, weight: null })] });
    await subgraph.redeliver(await subgraph.deliver(event));
    await subgraph.deliver(event);
    expect(await listed(channel)).toEqual([{
      externalProductId: 'p1', title: '<b>Cup</b>', bodyHtml: '<script>1</script>', vendor: 'Acme', productType: 'cup', handle: 'cup', publishedAt: null, tags: ['a'], status: 'ACTIVE', options: [{ name: 'Size', values: ['M'] }], variantCount: 2, images: [{ externalImageId: 'i1', src: 'https://cdn.example.com/1.jpg', position: 1 }],
      variants: [
        { externalVariantId: 'v1', externalSku: 'EXT-v1', price: { amount: '19.90', currency: 'CNY' }, compareAtPrice: { amount: '29.90' }, quantity: 7, weight: { value: '0.35', unit: 'kg' }, options: ['M'], mapping: 'UNMAPPED', sku: null },
        { externalVariantId: 'v2', externalSku: 'EXT-v2', price: null, compareAtPrice: null, quantity: -3, weight: null, options: ['M'], mapping: 'UNMAPPED', sku: null },
      ],
    }]);
  });

  it('keeps money of currencies without decimals and with three', async () => {
    const channel = newId('con');
    await subgraph.deliver(told(channel, { currency: 'JPY', variants: [variant('j', { priceMinor: 1999 })] }));
    await subgraph.deliver(told(channel, { externalProductId: 'p2', currency: 'KWD', variants: [variant('k', { priceMinor: 1234 })] }));
    expect((await listed(channel)).map(({ variants }) => variants[0].price)).toEqual([{ amount: '1.234', currency: 'KWD' }, { amount: '1999', currency: 'JPY' }]);
  });

  it('is a SKU of ours by its code or by a mapping, and else is offered to be mapped', async () => {
    const channel = newId('con');
    const sku = (await subgraph.ask('mutation($input: CreateProductInput!) { createProduct(input: $input) { product { skus { id code } } } }', { input: { title: 'Cup', kind: 'PHYSICAL', idempotencyKey: newId('req'), skus: [{ code: `CUP-${channel}` }] } })).data!.createProduct.product.skus[0] as Json;
    await subgraph.deliver(told(channel, { variants: [variant('a', { externalSku: sku.code as string }), variant('b'), variant('c')] }));
    expect(await unmapped(channel)).toEqual(expect.arrayContaining(['EXT-b', 'EXT-c']));
    await subgraph.ask('mutation($input: MapChannelSkuInput!) { mapChannelSku(input: $input) { userErrors { code } } }', { input: { channelId: channel, externalSku: 'EXT-b', skuId: sku.id, idempotencyKey: newId('req') } });
    expect((await listed(channel))[0]!.variants.map((one: Json) => [one.mapping, one.sku?.code ?? null])).toEqual([['BY_CODE', sku.code], ['MAPPED', sku.code], ['UNMAPPED', null]]);
    expect(await unmapped(channel)).toEqual(['EXT-c']);
  });

  it('loses what a newer telling does not name, and comes back once it is sold again', async () => {
    const channel = newId('con');
    await subgraph.deliver(told(channel, { variants: [variant('v1'), variant('v2')] }));
    await subgraph.deliver(told(channel, { changedAt: at(1), readAt: at(1), variants: [variant('v2', { priceMinor: 5 })] }));
    expect((await listed(channel))[0]!.variants).toMatchObject([{ externalVariantId: 'v2', price: { amount: '0.05' } }]);
    await subgraph.deliver(told(channel, { changedAt: at(2), readAt: at(2), removed: true, product: null, variants: [], currency: null }));
    // A push of before its end, which comes late.
    await subgraph.deliver(told(channel, { changedAt: at(1), readAt: at(3) }));
    expect(await listed(channel)).toEqual([]);
    expect(await unmapped(channel)).toEqual([]);
    await subgraph.deliver(told(channel, { changedAt: at(4), readAt: at(4) }));
    expect((await listed(channel))[0]!.variants).toMatchObject([{ externalVariantId: 'v1' }]);
    const rows = await subgraph.rows<{ kept: number }>(TEST_TENANT, 'select count(*)::int as kept from channel_variant where connection_id = ?', [channel]);
    expect(rows).toEqual([{ kept: 2 }]);
  });

  it('comes to the same whatever the order of its tellings, and however often they come', async () => {
    const versions = (channel: string) => [0, 1, 2].flatMap((n) => [1, 2].map((part) => told(channel, {
      changedAt: at(n), readAt: at(n), part, parts: 2, variants: part === 1 ? [variant('v1', { priceMinor: n })] : [variant(`w${n}`, { priceMinor: n })], ...(part === 2 && { product: null }),
    })));
    await fc.assert(fc.asyncProperty(fc.array(fc.nat(5), { maxLength: 6 }), fc.shuffledSubarray([0, 1, 2, 3, 4, 5], { minLength: 6 }), async (doubles, order) => {
      const channel = newId('con');
      const events = versions(channel);
      for (const index of [...doubles, ...order, ...doubles]) await subgraph.deliver({ ...events[index]! });
      const [product] = await listed(channel);
      expect(product!.variants.map((one: Json) => [one.externalVariantId, one.price.amount]).sort()).toEqual([['v1', '0.02'], ['w2', '0.02']]);
    }), { numRuns: 12 });
  });

  it('may have ten thousand variants, in parts, and is read by one statement a level', async () => {
    const channel = newId('con');
    const events = Array.from({ length: 20 }, (_, part) => told(channel, { part: part + 1, parts: 20, ...(part > 0 && { product: null }), variants: Array.from({ length: 500 }, (_one, n) => variant(`m${part}-${n}`)) }));
    for (const event of events) await subgraph.deliver(event);
    let found: Json[] = [];
    const statements = await subgraph.sql.during(async () => { found = await listed(channel); });
    expect([found[0]!.variantCount, found[0]!.variants.length]).toEqual([10_000, 250]);
    // Products and how many; variants, their count, images.
    expect(statements).toHaveLength(5);
    expect(await unmapped(channel)).toHaveLength(250);
  });

  it('is found by text, and shown to nobody who may not see the channel, nor to another tenant', async () => {
    const channel = newId('con');
    await subgraph.deliver(told(channel));
    expect([(await listed(channel, { query: 'cup' })).length, (await listed(channel, { query: 'ext-V1' })).length, (await listed(channel, { query: '100%' })).length]).toEqual([1, 1, 0]);
    expect(await listed(channel, { viewer: staffOf(TEST_TENANT, { channels: [newId('con')] }) })).toEqual([]);
    expect(await listed(channel, { viewer: staffOf('ten_00000000000000000000000009') })).toEqual([]);
    const refused = await subgraph.ask('query($refs: [_Any!]!) { _entities(representations: $refs) { ... on Channel { listedProducts { totalCount } } } }', { refs: [{ __typename: 'Channel', id: channel }] }, staffOf(TEST_TENANT, { scopes: ['channels:read'] }));
    expect(refused.errors).toMatchObject([{ code: 'FORBIDDEN' }]);
  });
});
