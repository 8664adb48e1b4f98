import { afterEach, describe, expect, it } from '@jest/globals';
import { configureLog } from '@quanyu/telemetry';
import { Viewer, type ViewerClaims } from '@quanyu/viewer';
import { getOperationAST, parse } from 'graphql';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { loadSupergraph } from '../supergraph.js';
import { composeShop, startShop, type Shop } from '../test-graph.test.js';
import { Usage, type UsageNote } from './usage.js';

configureLog({ level: 'silent' });

const viewer = (kind: ViewerClaims['kind'], subjectId: string, tenantId: string | null): Viewer => new Viewer({ kind, subjectId, tenantId, scopes: [], channels: 'all' });
let shop: Shop;
let notes: UsageNote[] = [];
let away = false;
const open = async (): Promise<void> => {
  notes = [];
  closed = false;
  shop = await startShop({
    usage: { everyMilliseconds: 1_000_000, keep: async (note) => { if (away) throw new Error('access is away'); notes.push(note); } },
    authenticator: { authenticate: async ({ authorization, apiKey }) => ({ expiresAt: null, viewer: apiKey ? viewer('partner', apiKey, 'ten_2') : authorization ? viewer('staff', 'stf_1', 'ten_1') : Viewer.anonymous }) },
  });
};
let closed = true;
afterEach(async () => { if (!closed) await shop.gateway.close(); closed = true; });
const ask = (query: string, headers: Record<string, string> = { authorization: 'Bearer x' }): Promise<Response> =>
  fetch(`${shop.gateway.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify({ query }) });
const close = async (): Promise<Record<string, number>> => {
  await shop.gateway.close();
  closed = true;
  // A repeat tells the total again: the highest counts.
  const totals: Record<string, number> = {};
  for (const { tenantId, counts } of notes) for (const { client, field, requests } of counts) totals[`${tenantId} ${client} ${field}`] = Math.max(requests, totals[`${tenantId} ${client} ${field}`] ?? 0);
  return totals;
};

describe('who asks for which field', () => {
  it('is counted by client or partner key, once a request, through fragments, and by nobody else', async () => {
    await open();
    const desk = { authorization: 'Bearer x', 'apollographql-client-name': 'desk' };
    for (let i = 0; i < 3; i += 1) await ask('{ products { a: name b: name ...F } } fragment F on Product { buyer }', desk);
    await ask('{ me }', desk);
    await ask('{ me }');
    await ask('{ me }', { 'x-api-key': 'key_1', 'apollographql-client-name': 'desk' });
    await ask('{ me }', {});
    await ask('{ nothing }', desk);
    await ask('{ me }', { authorization: 'Bearer x', 'apollographql-client-name': `<b>${'x'.repeat(300)}` });
    expect(await close()).toEqual({
      'ten_1 desk Query.products': 3, 'ten_1 desk Product.name': 3, 'ten_1 desk Product.buyer': 3, 'ten_1 desk Query.me': 1,
      'ten_1 unnamed Query.me': 1, 'ten_2 key_1 Query.me': 1, [`ten_1 b${'x'.repeat(63)} Query.me`]: 1,
    });
    expect(notes[0]).toMatchObject({ day: expect.stringMatching(/^\d{4}-\d\d-\d\d$/), gatewayId: expect.stringMatching(/^req_/) });
  });

  it('holds for WebSockets too', async () => {
    await open();
    const client = createClient({ url: `${shop.gateway.url.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket, connectionParams: { authorization: 'Bearer x', 'apollographql-client-name': 'dashboard' } });
    await new Promise<void>((resolve) => { client.subscribe({ query: '{ me }' }, { next: () => undefined, error: () => resolve(), complete: () => resolve() }); });
    await client.dispose();
    expect(await close()).toEqual({ 'ten_1 dashboard Query.me': 1 });
  });

  it('tells a hundred clients apart, and the others together', async () => {
    await open();
    for (let i = 0; i < 130; i += 1) await ask('{ me }', { authorization: 'Bearer x', 'apollographql-client-name': `c${i}` });
    const totals = await close();
    expect(Object.keys(totals)).toHaveLength(101);
    expect(totals['ten_1 others Query.me']).toBe(30);
  });
});

describe('what could not be kept', () => {
  it('comes again with all that came meanwhile', async () => {
    await open();
    const kept: UsageNote[] = [];
    const usage = new Usage({ keep: async (note) => { if (away) throw new Error('away'); kept.push(note); } });
    const supergraph = loadSupergraph(composeShop(), shop.sources);
    const document = parse('{ me }');
    const operation = { source: '{ me }', document, definition: getOperationAST(document)!, variables: {} };
    const one = (): void => usage.note(viewer('staff', 'stf_1', 'ten_1'), 'desk', supergraph, operation);
    one();
    away = true;
    await usage.flush();
    one();
    away = false;
    await usage.flush();
    await usage.flush();
    one();
    await usage.stop();
    expect(kept.map(({ counts }) => counts)).toEqual([[{ client: 'desk', field: 'Query.me', requests: 2 }], [{ client: 'desk', field: 'Query.me', requests: 3 }]]);
  });
});
