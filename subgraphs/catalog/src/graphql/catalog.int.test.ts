import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@quanyu/ids';
import { openTestSubgraph, staffOf, TEST_TENANT, type Answer, type TestSubgraph } from '@quanyu/testing';
import { parse, subscribe, type ExecutionResult } from 'graphql';
import { catalog } from '../subgraph.js';

let subgraph: TestSubgraph;
beforeAll(async () => { subgraph = await openTestSubgraph(catalog); });
afterAll(() => subgraph.close());

type Json = NonNullable<Answer['data']>;
const SKU = 'id code title options { name value } barcode weightGrams price(currency: "CNY") { amount currency } prices { kind currency money { amount } validFrom validTo }';
const SELECTIONS: Record<string, string> = {
  createProduct: `product { id title brand kind status skus { ${SKU} } } userErrors { code field message }`,
  addSku: `sku { ${SKU} product { id skus { code } } } userErrors { code field }`,
  setPrice: `sku { ${SKU} } userErrors { code field }`,
  setFloorPrice: 'sku { id } userErrors { code field }',
  mapChannelSku: 'mapping { id externalSku version channel { id } sku { id code channelNames { externalSku version } } } userErrors { code field }',
};
const tell = async (mutation: string, input: object, viewer = staffOf(TEST_TENANT)): Promise<Json> => {
  const type = `${mutation[0]!.toUpperCase()}${mutation.slice(1)}Input!`;
  const answer = await subgraph.ask(`mutation($input: ${type}) { ${mutation}(input: $input) { ${SELECTIONS[mutation]} } }`, { input }, viewer);
  return answer.data?.[mutation] ?? { errors: answer.errors.map(({ code }) => code) };
};
let made = 0;
const code = (): string => `C-${(made += 1)}`;
const create = (over: object = {}, viewer = staffOf(TEST_TENANT)) => tell('createProduct', { title: 'Tea', kind: 'PHYSICAL', skus: [{ code: code() }], idempotencyKey: newId('req'), ...over }, viewer);
const aSku = async (viewer = staffOf(TEST_TENANT)): Promise<string> => (await create({}, viewer)).product.skus[0].id;
const told = async (type: string, subject: string) => (await subgraph.recorded(type)).filter((event) => event.subject === subject);

describe('texts that no database holds', () => {
  it.each<[string, object]>([
    ['a NUL in a title', { title: 'a\0b' }], ['a NUL in a code', { skus: [{ code: 'N\0' }] }], ['half a sign in JSON', { skus: [{ code: 'H-1', options: [{ name: 'a', value: '\ud800' }] }] }],
    ['an empty key', { idempotencyKey: '' }], ['a key longer than an index takes', { idempotencyKey: Array.from({ length: 300 }, () => newId('req')).join('') }], ['a NUL in a key', { idempotencyKey: 'k\0' }],
  ])('%s is refused as bad input', async (_what, over) => {
    expect((await create(over)).errors).toEqual(['INPUT_INVALID']);
  });

  it('are refused in questions too', async () => {
    expect((await subgraph.ask('query($query: String) { products(query: $query) { nodes { id } } }', { query: '\0' })).errors.map(({ code: told }) => told)).toEqual(['INPUT_INVALID']);
  });
});

describe('productsChanged', () => {
  const follow = async (viewer = staffOf(TEST_TENANT), mode?: 'catch-up') => await subscribe({
    schema: subgraph.schema, document: parse('subscription { productsChanged { id title skus { code } } }'), contextValue: subgraph.contextFor({ viewer, requestId: newId('req'), language: 'en', ...(mode && { live: { mode } }) }),
  }) as AsyncGenerator<ExecutionResult<Json>>;

  it('gives the newest 20 products, then each that is made or changes, to whoever may read goods of its tenant', async () => {
    const [mine, other] = ['ten_00000000000000000000000071', 'ten_00000000000000000000000072'];
    for (let n = 0; n < 21; n += 1) await create({ title: `Old ${n}` }, staffOf(mine));
    await subgraph.quiet();
    // Goods belong to no channel: who may see some channels only, or none, sees them all.
    const viewers = [staffOf(mine, { kind: 'partner', subjectId: 'key_1', scopes: ['catalog:read'], channels: [] }), staffOf(mine, { scopes: ['catalog:read'], channels: [newId('con')] })];
    const next = (view: Awaited<ReturnType<typeof follow>>): Promise<Json> => view.next().then(({ value }) => value.data.productsChanged);
    for (const viewer of viewers) {
      const current = await follow(viewer, 'catch-up');
      const titles: string[] = [];
      for (let n = 0; n < 20; n += 1) titles.push((await next(current)).title);
      expect(titles).toEqual(Array.from({ length: 20 }, (_, n) => `Old ${n + 1}`));
      await current.return(undefined);
    }
    const views = await Promise.all(viewers.map((viewer) => follow(viewer)));
    const told = views.map(next);
    await create({ title: 'Theirs' }, staffOf(other));
    const { product } = await create({ title: 'New' }, staffOf(mine));
    for (const change of await Promise.all(told)) expect(change).toEqual({ id: product.id, title: 'New', skus: [{ code: product.skus[0].code }] });
    await Promise.all(views.map((view) => view.return(undefined)));
  });

  it('is refused to a key without the scope', async () => {
    const refused = await follow(staffOf(TEST_TENANT, { kind: 'partner', subjectId: 'key_1', scopes: ['orders:read', 'inventory:read'] })) as unknown as ExecutionResult;
    expect(refused.errors?.[0]?.extensions['code']).toBe('FORBIDDEN');
  });
});

describe('createProduct', () => {
  it('makes a product with SKUs and prices, once, and tells each SKU', async () => {
    const [a, b] = [code(), code()];
    const input = {
      title: 'Teapot', brand: 'Yixing', kind: 'PHYSICAL', idempotencyKey: 'make-1',
      skus: [
        { code: a, title: 'red', options: [{ name: 'colour', value: 'red' }, { name: 'size', value: 'L' }], barcode: '690', weightGrams: 450, price: { amount: '19.99', currency: 'CNY' } },
        { code: b, price: { amount: '1999', currency: 'JPY' } },
      ],
    };
    const { product, userErrors } = await create(input);
    expect(userErrors).toEqual([]);
    expect(product).toMatchObject({ title: 'Teapot', brand: 'Yixing', kind: 'PHYSICAL', status: 'ACTIVE' });
    expect(product.skus).toEqual([
      {
        id: expect.stringMatching(/^sku_/), code: a, title: 'red', options: [{ name: 'colour', value: 'red' }, { name: 'size', value: 'L' }], barcode: '690', weightGrams: 450,
        price: { amount: '19.99', currency: 'CNY' }, prices: [{ kind: 'BASE', currency: 'CNY', money: { amount: '19.99' }, validFrom: null, validTo: null }],
      },
      expect.objectContaining({ code: b, title: null, options: [], price: null, prices: [expect.objectContaining({ currency: 'JPY', money: { amount: '1999' } })] }),
    ]);
    expect((await create(input)).product.id).toBe(product.id);
    expect((await create({ ...input, title: 'Other' })).errors).toEqual(['IDEMPOTENCY_KEY_REUSED']);
    for (const sku of product.skus) expect((await told('catalog.sku-created.v1', sku.id)).map(({ data }) => data)).toEqual([{ skuId: sku.id, productId: product.id, code: sku.code }]);
  });

  it.each([
    ['TITLE_INVALID', ['title'], { title: ' ' }],
    ['TITLE_INVALID', ['skus', '0', 'title'], { skus: [{ code: 'T-1', title: '' }] }],
    ['SKU_CODE_INVALID', ['skus', '0', 'code'], { skus: [{ code: ' x' }] }],
    ['SKU_CODE_TAKEN', ['skus', '1', 'code'], { skus: [{ code: 'D-1' }, { code: 'D-1' }] }],
    ['WEIGHT_INVALID', ['skus', '0', 'weightGrams'], { skus: [{ code: 'W-1', weightGrams: -1 }] }],
    ['PRICE_NEGATIVE', ['skus', '0', 'price'], { skus: [{ code: 'P-1', price: { amount: '-0.01', currency: 'CNY' } }] }],
  ])('refuses with %s at %j and makes nothing', async (errorCode, field, over) => {
    expect(await create({ title: 'Never made', ...over })).toMatchObject({ product: null, userErrors: [{ code: errorCode, field }] });
    expect(await subgraph.rows(TEST_TENANT, "select 1 from product where title = 'Never made'")).toEqual([]);
  });

  it('refuses money that the currency does not have', async () => {
    expect((await create({ skus: [{ code: code(), price: { amount: '1.999', currency: 'CNY' } }] })).errors).toEqual(['INPUT_INVALID']);
    expect((await create({ skus: [{ code: code(), price: { amount: '1', currency: 'XXY' } }] })).errors).toEqual(['INPUT_INVALID']);
  });

  it('gives a code that many want at once to exactly one', async () => {
    const wanted = code();
    const results = await Promise.all(Array.from({ length: 8 }, () => create({ skus: [{ code: code() }, { code: wanted }] })));
    expect(results.filter(({ product }) => product !== null)).toHaveLength(1);
    expect(results.flatMap(({ userErrors }) => userErrors.map((error: { code: string }) => error.code))).toEqual(Array.from({ length: 7 }, () => 'SKU_CODE_TAKEN'));
  });

  it('lets each tenant have its own codes', async () => {
    const input = { skus: [{ code: code() }] };
    expect((await create(input)).userErrors).toEqual([]);
    expect((await create(input, staffOf('ten_00000000000000000000000007'))).userErrors).toEqual([]);
  });
});

describe('addSku', () => {
  it('adds one to a product and shows it there', async () => {
    const { product } = await create();
    const added = code();
    const input = { productId: product.id, code: added, price: { amount: '5', currency: 'CNY' }, idempotencyKey: 'add-1' };
    const { sku } = await tell('addSku', input);
    expect(sku).toMatchObject({ code: added, price: { amount: '5.00', currency: 'CNY' }, product: { id: product.id, skus: [{ code: product.skus[0].code }, { code: added }] } });
    expect((await tell('addSku', input)).sku.id).toBe(sku.id);
    expect(await told('catalog.sku-created.v1', sku.id)).toHaveLength(1);
  });

  it('refuses unknown products, those of others, codes in use and negative prices', async () => {
    const { product } = await create();
    const add = (over: object, viewer = staffOf(TEST_TENANT)) => tell('addSku', { productId: product.id, code: code(), idempotencyKey: newId('req'), ...over }, viewer);
    expect(await add({ productId: newId('prd') })).toMatchObject({ userErrors: [{ code: 'PRODUCT_NOT_FOUND', field: ['productId'] }] });
    expect(await add({}, staffOf('ten_00000000000000000000000007'))).toMatchObject({ userErrors: [{ code: 'PRODUCT_NOT_FOUND' }] });
    expect(await add({ code: product.skus[0].code })).toMatchObject({ userErrors: [{ code: 'SKU_CODE_TAKEN', field: ['code'] }] });
    expect(await add({ price: { amount: '-1', currency: 'CNY' } })).toMatchObject({ userErrors: [{ code: 'PRICE_NEGATIVE', field: ['price'] }] });
    expect(await add({ title: '' })).toMatchObject({ userErrors: [{ code: 'TITLE_INVALID', field: ['title'] }] });
    expect((await add({ productId: newId('sku') })).errors).toEqual(['INVALID_ID']);
  });
});

describe('setPrice', () => {
  it('replaces the price of its currency and keeps the others', async () => {
    const skuId = await aSku();
    const set = (price: object, over: object = {}) => tell('setPrice', { skuId, price, ...over });
    await set({ amount: '10', currency: 'CNY' });
    await set({ amount: '2', currency: 'USD' });
    expect((await set({ amount: '12.5', currency: 'CNY' })).sku.prices.map((price: { money: object }) => price.money)).toEqual([{ amount: '12.50' }, { amount: '2.00' }]);
    const ended = await set({ amount: '9', currency: 'CNY' }, { validTo: '2020-01-01T00:00:00Z' });
    expect(ended.sku).toMatchObject({ price: null, prices: [{ money: { amount: '9.00' }, validTo: '2020-01-01T00:00:00.000Z' }, { currency: 'USD' }] });
  });

  it('refuses what cannot be', async () => {
    const skuId = await aSku();
    const price = { amount: '1', currency: 'CNY' };
    expect(await tell('setPrice', { skuId: newId('sku'), price })).toMatchObject({ sku: null, userErrors: [{ code: 'SKU_NOT_FOUND' }] });
    expect(await tell('setPrice', { skuId, price }, staffOf('ten_00000000000000000000000007'))).toMatchObject({ userErrors: [{ code: 'SKU_NOT_FOUND' }] });
    expect(await tell('setPrice', { skuId, price: { ...price, amount: '-1' } })).toMatchObject({ userErrors: [{ code: 'PRICE_NEGATIVE' }] });
    expect(await tell('setPrice', { skuId, price, validFrom: '2026-01-02T00:00:00Z', validTo: '2026-01-01T00:00:00Z' })).toMatchObject({ userErrors: [{ code: 'VALIDITY_INVALID' }] });
    expect((await tell('setPrice', { skuId, price }, staffOf(TEST_TENANT, { scopes: ['catalog:read'] }))).errors).toEqual(['FORBIDDEN']);
  });
});

describe('mapChannelSku', () => {
  const map = (input: object, viewer = staffOf(TEST_TENANT)) => tell('mapChannelSku', { idempotencyKey: newId('req'), ...input }, viewer);
  const versions = async (subject: string) => (await subgraph.rows<{ sequence: string }>(TEST_TENANT, "select sequence from outbox where type = 'catalog.channel-sku-mapped.v1' and subject = ? order by id", [subject])).map((row) => Number(row.sequence));

  it('gives a name a meaning, then another one with a higher sequence', async () => {
    const [channelId, first, second] = [newId('con'), await aSku(), await aSku()];
    const input = { channelId, externalSku: 'variant:1', skuId: first };
    const { mapping } = await map(input);
    expect(mapping).toMatchObject({ externalSku: 'variant:1', version: 1, channel: { id: channelId }, sku: { id: first, channelNames: [{ externalSku: 'variant:1', version: 1 }] } });
    // The same meaning again is no news.
    expect((await map(input)).mapping).toEqual(mapping);
    expect((await map({ ...input, skuId: second })).mapping).toMatchObject({ id: mapping.id, version: 2, sku: { id: second } });
    const subject = `${channelId}/variant:1`;
    expect((await told('catalog.channel-sku-mapped.v1', subject)).map(({ data }) => data.skuId)).toEqual([first, second]);
    expect(await versions(subject)).toEqual([1, 2]);
  });

  it('gives each of many meanings at once a version of its own', async () => {
    const channelId = newId('con');
    const skus = await Promise.all(Array.from({ length: 6 }, () => aSku()));
    await Promise.all(skus.map((skuId) => map({ channelId, externalSku: 'X', skuId })));
    expect(await versions(`${channelId}/X`)).toEqual([1, 2, 3, 4, 5, 6]);
    const [last] = await subgraph.rows<{ sku_id: string }>(TEST_TENANT, "select data ->> 'skuId' as sku_id from outbox where subject = ? and sequence = 6", [`${channelId}/X`]);
    expect(await subgraph.rows(TEST_TENANT, 'select sku_id, version from channel_sku where connection_id = ?', [channelId])).toEqual([{ sku_id: last?.sku_id, version: 6 }]);
  });

  it('answers a replay with the first result', async () => {
    const input = { channelId: newId('con'), externalSku: 'Y', skuId: await aSku(), idempotencyKey: 'map-1' };
    expect((await map(input)).mapping.id).toBe((await map(input)).mapping.id);
    expect((await map({ ...input, externalSku: 'Z' })).errors).toEqual(['IDEMPOTENCY_KEY_REUSED']);
  });

  it('refuses unknown SKUs, those of others, empty names and channels out of sight', async () => {
    const [channelId, skuId] = [newId('con'), await aSku()];
    expect(await map({ channelId, externalSku: 'A', skuId: newId('sku') })).toMatchObject({ mapping: null, userErrors: [{ code: 'SKU_NOT_FOUND', field: ['skuId'] }] });
    expect(await map({ channelId, externalSku: 'A', skuId }, staffOf('ten_00000000000000000000000007'))).toMatchObject({ userErrors: [{ code: 'SKU_NOT_FOUND' }] });
    expect(await map({ channelId, externalSku: ' ', skuId })).toMatchObject({ userErrors: [{ code: 'EXTERNAL_SKU_INVALID' }] });
    expect((await map({ channelId, externalSku: 'A', skuId }, staffOf(TEST_TENANT, { channels: [newId('con')] }))).errors).toEqual(['FORBIDDEN']);
    expect(await subgraph.rows(TEST_TENANT, 'select 1 from channel_sku where connection_id = ?', [channelId])).toEqual([]);
  });
});

describe('a product that changes', () => {
  it('is told by each price and each new SKU, for whoever keeps a copy', async () => {
    const { product } = (await create());
    const changes = async (): Promise<unknown[]> => (await told('catalog.product-changed.v1', product.id)).map(({ data }) => data);
    expect(await changes()).toEqual([]);
    await tell('setPrice', { skuId: product.skus[0].id, price: { amount: '5.00', currency: 'CNY' } });
    await tell('addSku', { productId: product.id, code: code(), idempotencyKey: newId('req') });
    await tell('setPrice', { skuId: product.skus[0].id, price: { amount: '-5.00', currency: 'CNY' } });
    expect(await changes()).toEqual([{ productId: product.id }, { productId: product.id }]);
  });
});

describe('setFloorPrice', () => {
  const CON = newId('con');
  const floorsOf = async (id: string, viewer = staffOf(TEST_TENANT)) => {
    const { code: skuCode } = (await subgraph.rows<Json>(TEST_TENANT, 'select code from sku where id = ?', [id]))[0]!;
    return (await subgraph.ask('query($codes: [String!]!) { skus(codes: $codes) { floorPrices { channelId money { amount currency } } } }', { codes: [skuCode] }, viewer)).data?.skus[0].floorPrices;
  };

  it('sets floors everywhere and in a channel, tells each change once, in order, and takes one away', async () => {
    const skuId = await aSku();
    const general = { skuId, currency: 'CNY', amount: '50.00' };
    expect((await tell('setFloorPrice', general)).userErrors).toEqual([]);
    await tell('setFloorPrice', general);
    await tell('setFloorPrice', { ...general, channelId: CON, amount: '55' });
    await tell('setFloorPrice', { skuId, currency: 'JPY', amount: '900' });
    expect(await floorsOf(skuId)).toEqual([{ channelId: null, money: { amount: '50.00', currency: 'CNY' } }, { channelId: null, money: { amount: '900', currency: 'JPY' } }, { channelId: CON, money: { amount: '55.00', currency: 'CNY' } }]);
    // What others' channels may sell for is not for everybody.
    expect(await floorsOf(skuId, staffOf(TEST_TENANT, { channels: [newId('con')] }))).toHaveLength(2);
    await tell('setFloorPrice', { skuId, currency: 'CNY' });
    expect(await floorsOf(skuId)).toHaveLength(2);
    const events = (await subgraph.recorded('catalog.floor-price-changed.v1')).filter(({ data }) => data.skuId === skuId).map(({ data }) => data);
    expect(events).toEqual([
      { skuId, connectionId: null, currency: 'CNY', amountMinor: 5000 }, { skuId, connectionId: CON, currency: 'CNY', amountMinor: 5500 },
      { skuId, connectionId: null, currency: 'JPY', amountMinor: 900 }, { skuId, connectionId: null, currency: 'CNY', amountMinor: null },
    ]);
  });

  it('keeps our own price at the floor or above it, whichever is set first, and also at once', async () => {
    const skuId = await aSku();
    const price = (amount: string) => tell('setPrice', { skuId, price: { amount, currency: 'CNY' } });
    const floor = (amount: string) => tell('setFloorPrice', { skuId, currency: 'CNY', amount });
    await floor('50');
    expect((await price('49.99')).userErrors).toMatchObject([{ code: 'PRICE_BELOW_FLOOR', field: ['price'] }]);
    expect((await price('50')).userErrors).toEqual([]);
    expect((await floor('50.01')).userErrors).toMatchObject([{ code: 'FLOOR_ABOVE_PRICE', field: ['amount'] }]);
    await price('80');
    const both = await Promise.all([price('60'), floor('70')]);
    expect(both.flatMap(({ userErrors }) => userErrors)).toHaveLength(1);
  });

  it('refuses what is no floor, an unknown SKU and a channel that is not theirs', async () => {
    const skuId = await aSku();
    expect((await tell('setFloorPrice', { skuId, currency: 'CNY', amount: '-1' })).userErrors).toMatchObject([{ code: 'PRICE_NEGATIVE' }]);
    expect((await tell('setFloorPrice', { skuId: newId('sku'), currency: 'CNY', amount: '1' })).userErrors).toMatchObject([{ code: 'SKU_NOT_FOUND' }]);
    expect((await tell('setFloorPrice', { skuId, channelId: CON, currency: 'CNY', amount: '1' }, staffOf(TEST_TENANT, { channels: [newId('con')] }))).userErrors).toMatchObject([{ code: 'CHANNEL_NOT_FOUND' }]);
    expect((await tell('setFloorPrice', { skuId, currency: 'CNY', amount: '1.999' })).errors).toEqual(['INPUT_INVALID']);
    expect((await tell('setFloorPrice', { skuId, currency: 'CNY', amount: '1' }, staffOf(TEST_TENANT, { scopes: ['catalog:read'] }))).errors).toEqual(['FORBIDDEN']);
  });
});
