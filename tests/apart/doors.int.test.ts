import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { VIEWER_HEADER, writeViewer } from '@quanyu/calls';
import { orderPlaced, type EventEnvelope } from '@quanyu/events';
import { newId } from '@quanyu/ids';
import { subgraphs } from '@quanyu/standalone';
import { staffOf, TEST_TENANT, type Json } from '@quanyu/testing';
import { Viewer } from '@quanyu/viewer';
import { asService, LoneSubgraph, type DoorAnswer } from './services.js';

const OTHER_TENANT = 'ten_00000000000000000000000002';
const definitionOf = (name: string) => subgraphs.find((subgraph) => subgraph.name === name)!;

let inventory: LoneSubgraph;
let access: LoneSubgraph;
const owner = staffOf(TEST_TENANT);
beforeAll(async () => {
  inventory = await LoneSubgraph.open(definitionOf('inventory'));
  access = await LoneSubgraph.open(definitionOf('access'));
}, 60_000);
afterAll(async () => {
  await inventory.close();
  await access.close();
});

const ENTITIES = 'query($representations: [_Any!]!) { _entities(representations: $representations) { ... on StockLevel { id onHand } ... on Sku { stock { onHand } } } }';
const SET_STOCK = 'mutation($input: SetStockOnHandInput!) { setStockOnHand(input: $input) { stockLevel { id onHand } userErrors { code } } }';
const code = ({ status, body }: DoorAnswer): [number, unknown] => [status, body.error?.code ?? body.errors?.[0].extensions.code];

async function levelOf(viewer: Viewer): Promise<{ skuId: string; levelId: string }> {
  const skuId = newId('sku');
  const { body } = await inventory.ask(SET_STOCK, { input: { skuId, onHand: 7, idempotencyKey: newId('evt') } }, viewer);
  expect(body.data.setStockOnHand.userErrors).toEqual([]);
  return { skuId, levelId: body.data.setStockOnHand.stockLevel.id };
}

describe('the graph door of a subgraph', () => {
  it('answers the gateway for the viewer that it forwards', async () => {
    const { skuId, levelId } = await levelOf(owner);
    const { status, body } = await inventory.ask(ENTITIES, { representations: [{ __typename: 'StockLevel', id: levelId }, { __typename: 'Sku', id: skuId }] }, owner);
    expect(status).toBe(200);
    expect(body).toEqual({ data: { _entities: [{ id: levelId, onHand: 7 }, { stock: { onHand: 7 } }] } });
  });

  it('tells how long an answer holds that time alone will end', async () => {
    const catalog = await LoneSubgraph.open(definitionOf('catalog'));
    try {
      const input = { idempotencyKey: newId('evt'), title: 'Tea', kind: 'PHYSICAL', skus: [{ code: 'TEA', price: { amount: '8', currency: 'CNY' } }] };
      const { body: made } = await catalog.ask('mutation($input: CreateProductInput!) { createProduct(input: $input) { product { skus { id } } } }', { input }, owner);
      const [{ id: skuId }] = made.data.createProduct.product.skus;
      const price = async (): Promise<Json> => (await catalog.ask('{ skus(codes: ["TEA"]) { price(currency: "CNY") { amount } } }', {}, owner)).body;
      expect(await price()).toEqual({ data: { skus: [{ price: { amount: '8.00' } }] } });
      const set = { skuId, price: { amount: '7', currency: 'CNY' }, validTo: new Date(Date.now() + 60_000).toISOString() };
      await catalog.ask('mutation($input: SetPriceInput!) { setPrice(input: $input) { userErrors { code } } }', { input: set }, owner);
      const { data, extensions } = await price();
      expect(data).toEqual({ skus: [{ price: { amount: '7.00' } }] });
      expect(extensions.holdsMs).toBeGreaterThan(0);
      expect(extensions.holdsMs).toBeLessThanOrEqual(60_000);
    } finally {
      await catalog.close();
    }
  });

  it('refuses a direct call without a token, with one for another service, an expired one, and one that is none', async () => {
    const claims = { [VIEWER_HEADER]: writeViewer(owner), 'x-request-id': 'req_test_0002' };
    const ask = (authorization?: string): Promise<DoorAnswer> =>
      inventory.post('/graphql', { query: '{ __typename }' }, authorization === undefined ? claims : { ...claims, authorization });
    expect(code(await ask())).toEqual([401, 'SERVICE_TOKEN_MISSING']);
    expect(code(await ask(await asService('gateway', 'orders')))).toEqual([401, 'SERVICE_TOKEN_INVALID']);
    expect(code(await ask(await asService('gateway', 'inventory', () => Date.now() - 120_000)))).toEqual([401, 'SERVICE_TOKEN_EXPIRED']);
    expect(code(await ask('Bearer eyJhbGciOiJub25lIn0.eyJpc3MiOiJnYXRld2F5In0.'))).toEqual([401, 'SERVICE_TOKEN_INVALID']);
    expect(code(await ask('Bearer abc'))).toEqual([401, 'SERVICE_TOKEN_INVALID']);
  });

  it('refuses forged entities under forged claims of whoever is not the gateway', async () => {
    const { levelId } = await levelOf(owner);
    const forged = { representations: [{ __typename: 'StockLevel', id: levelId }] };
    for (const service of ['orders', 'bridge', 'operator']) {
      expect(code(await inventory.ask(ENTITIES, forged, owner, await asService(service, 'inventory')))).toEqual([403, 'CALLER_NOT_ALLOWED']);
    }
    expect(code(await inventory.post('/graphql', { query: ENTITIES, variables: forged }, { [VIEWER_HEADER]: writeViewer(owner) }))).toEqual([401, 'SERVICE_TOKEN_MISSING']);
  });

  it('asks for rights again, whatever the gateway has let through', async () => {
    const { skuId, levelId } = await levelOf(owner);
    const weak = staffOf(TEST_TENANT, { scopes: ['orders:read'] });
    for (const reference of [{ __typename: 'StockLevel', id: levelId }, { __typename: 'Sku', id: skuId }]) {
      for (const [viewer, refusal] of [[weak, 'FORBIDDEN'], [Viewer.anonymous, 'UNAUTHENTICATED']] as const) {
        const answer = await inventory.ask(ENTITIES, { representations: [reference] }, viewer);
        expect(code(answer)).toEqual([200, refusal]);
        expect(JSON.stringify(answer.body)).not.toContain('onHand');
      }
    }
    expect(code(await inventory.ask(SET_STOCK, { input: { skuId, onHand: 99, idempotencyKey: 'k' } }, weak))).toEqual([200, 'FORBIDDEN']);
  });

  it('keeps two tenants apart', async () => {
    const { skuId, levelId } = await levelOf(owner);
    const { body } = await inventory.ask(ENTITIES, { representations: [{ __typename: 'StockLevel', id: levelId }, { __typename: 'Sku', id: skuId }] }, staffOf(OTHER_TENANT));
    expect(body.data._entities).toEqual([null, { stock: { onHand: 0 } }]);
  });

  it('refuses claims that cannot be read, and what is no operation', async () => {
    const authorization = await asService('gateway', 'inventory');
    const head = { authorization, 'x-request-id': 'req_test_0003' };
    for (const claims of ['', 'not base64 json', Buffer.from('{"kind":"god"}').toString('base64url'), Buffer.from(JSON.stringify({ ...owner.claims, more: 1 })).toString('base64url')]) {
      expect(code(await inventory.post('/graphql', { query: '{ __typename }' }, { ...head, [VIEWER_HEADER]: claims }))).toEqual([400, 'VIEWER_INVALID']);
    }
    const good = { ...head, [VIEWER_HEADER]: writeViewer(owner) };
    expect(code(await inventory.post('/graphql', '{ no json', good))).toEqual([400, 'BODY_NOT_JSON']);
    expect(code(await inventory.post('/graphql', { q: 1 }, good))).toEqual([400, 'OPERATION_INVALID']);
    expect(code(await inventory.post('/graphql', { query: '{ nothing }' }, good))).toEqual([200, 'GRAPHQL_VALIDATION_FAILED']);
    expect(code(await inventory.post('/graphql', { query: 'x'.repeat(5 * 1024 * 1024) }, good))).toEqual([413, 'BODY_TOO_LARGE']);
    expect(code(await inventory.get('/graphql', good))).toEqual([405, 'METHOD_NOT_ALLOWED']);
  });

  it('says of an accident only that there was one', async () => {
    const { body } = await inventory.ask(SET_STOCK, { input: { skuId: newId('sku'), onHand: 2_147_483_647, locationId: newId('loc'), idempotencyKey: 'accident' } }, owner);
    const texts = JSON.stringify(body.errors ?? []);
    expect(texts).not.toMatch(/insert into|constraint|select /i);
  });
});

describe('the event door of a subgraph', () => {
  const placed = (over: Partial<EventEnvelope> = {}): EventEnvelope => {
    const orderId = newId('ord');
    return {
      ...orderPlaced({ tenantId: TEST_TENANT, sequence: 1, data: { orderId, connectionId: newId('con'), customer: null, lines: [{ lineId: newId('lin'), skuId: newId('sku'), quantity: 1 }] } }),
      id: newId('evt'), source: 'orders', time: new Date().toISOString(), correlationId: null, causationId: null, ...over,
    };
  };
  const taken = (id: string): Promise<Json[]> => inventory.database.sql('select 1 from inventory.inbox where event_id = $1', [id]);

  it('takes in events of their owner once, and answers when they are safe', async () => {
    const event = placed();
    expect(await inventory.deliver([event, event])).toEqual({ status: 200, body: { verdicts: ['TAKEN', 'TAKEN'] } });
    expect(await inventory.deliver([event])).toEqual({ status: 200, body: { verdicts: ['TAKEN'] } });
    expect(await taken(event.id)).toHaveLength(1);
    expect(await inventory.database.sql('select type from inventory.outbox where subject = $1', [event.subject])).toEqual([{ type: 'inventory.stock-short.v1' }]);
  });

  it('tells its types to services and to nobody else', async () => {
    const { body } = await inventory.get('/events', { authorization: await asService('orders', 'inventory') });
    expect(body).toEqual({ name: 'inventory', types: expect.arrayContaining(['orders.order-placed.v1']) });
    expect(code(await inventory.get('/events'))).toEqual([401, 'SERVICE_TOKEN_MISSING']);
  });

  it('refuses events without a token, of who tells it nothing, and of others than the caller', async () => {
    const event = placed();
    expect(code(await inventory.post('/events', { events: [event] }))).toEqual([401, 'SERVICE_TOKEN_MISSING']);
    expect(code(await inventory.deliver([event], 'gateway'))).toEqual([403, 'CALLER_NOT_ALLOWED']);
    expect(code(await inventory.deliver([event], 'finance'))).toEqual([403, 'CALLER_NOT_ALLOWED']);
    expect(code(await inventory.deliver([placed(), { ...event, source: 'bridge' }], 'orders'))).toEqual([403, 'NOT_YOUR_EVENTS']);
    expect(code(await inventory.deliver([{ ...event, type: 'bridge.order-received.v1' }], 'orders'))).toEqual([403, 'NOT_YOUR_EVENTS']);
    expect(await taken(event.id)).toEqual([]);
  });

  it('does not take a type that it does not know, so that a newer process can', async () => {
    const [event, known] = [placed({ type: 'orders.order-sung.v1' }), placed()];
    expect((await inventory.deliver([event, known])).body).toEqual({ verdicts: ['UNKNOWN_TYPE', 'TAKEN'] });
    expect(await taken(event.id)).toEqual([]);
    expect(await taken(known.id)).toHaveLength(1);
  });

  it('puts poison aside and says so', async () => {
    const event = placed({ data: { nothing: 'fits' } });
    expect((await inventory.deliver([event])).body).toEqual({ verdicts: ['PARKED'] });
    expect(await inventory.database.sql('select state from inventory.parked_event where event_id = $1', [event.id])).toHaveLength(1);
  });

  it('refuses what are no events', async () => {
    const authorization = await asService('orders', 'inventory');
    for (const body of [{}, { events: [] }, { events: [{}] }, { events: [{ ...placed(), sequence: 'x' }] }, []]) {
      expect(code(await inventory.post('/events', body, { authorization }))).toEqual([400, 'EVENTS_INVALID']);
    }
  });
});

describe('the calls of a subgraph', () => {
  const RESOLVE = { kind: 'partner', keyHash: '0'.repeat(64) };
  const call = async (name: string, body: unknown, by?: string): Promise<DoorAnswer> =>
    access.post(`/calls/${name}`, body, by === undefined ? {} : { authorization: await asService(by, 'access') });

  it('answer the services that each of them names', async () => {
    expect(await call('access.resolve-viewer', RESOLVE, 'gateway')).toEqual({ status: 200, body: { output: null } });
    expect((await call('access.list-parked-events', { tenantId: TEST_TENANT }, 'bridge')).body).toEqual({ output: { events: [], total: 0 } });
  });

  it('refuse all others, and do not tell what there is', async () => {
    expect(code(await call('access.resolve-viewer', RESOLVE))).toEqual([401, 'SERVICE_TOKEN_MISSING']);
    for (const [name, by] of [['access.resolve-viewer', 'orders'], ['access.create-tenant', 'gateway'], ['access.list-parked-events', 'gateway'], ['access.nothing', 'gateway'], ['../graphql', 'gateway']]) {
      expect(code(await call(name!, RESOLVE, by))[0]).not.toBe(200);
    }
    expect(code(await call('access.create-tenant', {}, 'gateway'))).toEqual([403, 'CALLER_NOT_ALLOWED']);
    expect(code(await call('access.nothing', {}, 'gateway'))).toEqual([403, 'CALLER_NOT_ALLOWED']);
  });

  it('refuse input that does not fit', async () => {
    expect(code(await call('access.resolve-viewer', { kind: 'staff' }, 'gateway'))).toEqual([400, 'INPUT_INVALID']);
  });
});

describe('the health of a subgraph', () => {
  it('is told to everybody, and is all that they are told', async () => {
    expect(await inventory.get('/healthz')).toEqual({ status: 200, body: { status: 'live' } });
    expect(await inventory.get('/readyz')).toEqual({ status: 200, body: { status: 'ready' } });
    expect(code(await inventory.get('/'))).toEqual([404, 'NOT_FOUND']);
    expect(code(await inventory.get('/webhooks/x'))).toEqual([404, 'NOT_FOUND']);
  });
});
