// The server of the live benchmark, in a process of its own: our gateway, or stock graphql-ws on the same data.
// Told by its parent: { tell: n } publishes n changes at once; { measure } answers with memory and listeners.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { createGateway } from '@quanyu/gateway';
import { configureLog } from '@quanyu/telemetry';
import { Viewer } from '@quanyu/viewer';
import { buildSchema } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';

configureLog({ level: 'error' });
const SKUS = 10;
const skus = Array.from({ length: SKUS }, (_, i) => ({ __typename: 'Sku', id: `sku_${i}`, code: `QY-TEE-${i}`, title: `经典 T 恤 ${i}` }));
const viewer = new Viewer({ kind: 'staff', tenantId: 'ten_1', subjectId: 'stf_1', scopes: [], channels: 'all' });

let changes = 0;
const listeners = new Set();
/** Fixed widths, so that clients can check each frame without parsing it. */
const nextLevel = () => {
  changes += 1;
  const id = changes % SKUS;
  return { __typename: 'StockLevel', id: `stk_${id}`, onHand: 1_000_000_000 + changes, reserved: 7, available: 1_000_000_000 + changes, updatedAt: String(Date.now()), sku: { __typename: 'Sku', id: `sku_${id}` } };
};
const tell = (count) => {
  const levels = Array.from({ length: count }, nextLevel);
  for (const listener of listeners) for (const level of levels) listener(level);
};

/** What a subgraph's live field yields; hand-written, as those of the product are. */
function events(itemOf, first = []) {
  const waiting = [...first];
  let wake;
  let open = true;
  const listener = (level) => { waiting.push(itemOf(level)); wake?.(); };
  listeners.add(listener);
  return {
    [Symbol.asyncIterator]() { return this; },
    async next() {
      while (open && waiting.length === 0) await new Promise((resolve) => { wake = resolve; });
      return open ? { done: false, value: waiting.shift() } : { done: true, value: undefined };
    },
    async return() { open = false; listeners.delete(listener); wake?.(); return { done: true, value: undefined }; },
    async throw(error) { await this.return(); throw error; },
  };
}

const stock = {
  name: 'stock',
  execute: () => { throw new Error('the stock of the benchmark is only followed'); },
  subscribe: async ({ live }) => {
    const mark = (phase) => ({ extensions: { live: { phase, cursor: `1.${changes}` } } });
    if (live.mode === 'catch-up') {
      const items = [mark('caught-up')];
      return { [Symbol.asyncIterator]() { return this; }, next: async () => (items.length > 0 ? { done: false, value: items.shift() } : { done: true, value: undefined }), return: async () => ({ done: true, value: undefined }) };
    }
    return events((level) => ({ data: { stockLevelChanged: level }, extensions: { live: { phase: 'change', cursor: `1.${level.onHand - 1_000_000_000}`, key: level.id } } }), [mark('start')]);
  },
};
const catalog = {
  name: 'catalog',
  execute: async ({ variables }) => ({ data: { _entities: variables.representations.map(({ id }) => skus.find((sku) => sku.id === id)) } }),
  subscribe: () => { throw new Error('the catalog of the benchmark is not followed'); },
};

async function ours() {
  const gateway = await createGateway({
    supergraphSdl: readFileSync(new URL('./supergraph.graphql', import.meta.url), 'utf8'),
    sources: [stock, catalog],
    authenticator: { authenticate: async () => ({ viewer, expiresAt: null }) },
    host: '127.0.0.1', port: 0, explorer: false, introspection: false, publicGraph: false, live: { connectionsPerAddress: Infinity },
  });
  return gateway.port;
}

async function stockGraphqlWs() {
  const schema = buildSchema(`
    type Sku { id: ID! code: String! title: String! }
    type StockLevel { id: ID! onHand: Int! reserved: Int! available: Int! updatedAt: String! sku: Sku! }
    type Query { sku: Sku }
    type Subscription { stockLevelChanged: StockLevel! }`);
  schema.getSubscriptionType().getFields().stockLevelChanged.subscribe = () => events((level) => ({ stockLevelChanged: { ...level, sku: skus.find(({ id }) => id === level.sku.id) } }));
  const http = createServer();
  useServer({ schema }, new WebSocketServer({ server: http, path: '/graphql', perMessageDeflate: false }));
  await new Promise((resolve) => http.listen(0, '127.0.0.1', resolve));
  return http.address().port;
}

const port = await (process.argv[2] === 'ours' ? ours() : stockGraphqlWs());
process.on('disconnect', () => process.exit());
process.on('message', async (message) => {
  if (message.tell !== undefined) return tell(message.tell);
  if (message.cpu !== undefined) { const { user, system } = process.cpuUsage(); return process.send({ microseconds: user + system }); }
  if (message.measure !== undefined) {
    for (let i = 0; i < 3; i += 1) { globalThis.gc(); await sleep(50); }
    process.send({ rss: process.memoryUsage().rss, listeners: listeners.size });
  }
});
process.send({ port });
