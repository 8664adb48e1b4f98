// One gateway in a process of its own: it is told which, the supergraph, where the subgraphs are, and whether equal reads are shared.
import { createServer } from 'node:http';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { makeServiceKey, readPrivateKey, readPublicKeys, ServiceClient, serviceKeys, ServiceTokens } from '@quanyu/calls';
import { createGateway, inProcessSource, remoteSource } from '@quanyu/gateway';
import { configureLog } from '@quanyu/telemetry';
import { Viewer } from '@quanyu/viewer';
import { subgraphSchemas } from './subgraph-schemas.mjs';

const { kind, sdl, addresses, shareReads } = await new Promise((resolve) => process.once('message', resolve));

// Whoever measures may be ended at any moment.
process.once('disconnect', () => process.exit());

async function ours(sources, more = {}) {
  configureLog({ level: 'error' });
  const authenticator = { authenticate: async () => ({ viewer: Viewer.anonymous, expiresAt: null }) };
  const { port } = await createGateway({ supergraphSdl: sdl, sources, authenticator, host: '127.0.0.1', port: 0, explorer: false, introspection: false, publicGraph: false, shareReads, ...more });
  return port;
}

const localSources = () => Object.entries(subgraphSchemas()).map(([name, schema]) => inProcessSource({ name, schema, contextFor: () => ({}) }));

function remoteSources() {
  const { privateKey, publicKey } = makeServiceKey();
  const keys = serviceKeys('gateway', readPrivateKey(privateKey), readPublicKeys(`gateway:${publicKey}`));
  const client = new ServiceClient(new ServiceTokens(keys), new Map(Object.entries(addresses).map(([name, address]) => [name, [address]])));
  return client.names.map((name) => remoteSource(name, client));
}

const STARTS = {
  'in process': () => ours(localSources()),
  http: () => ours(remoteSources()),
  // As it is in production, but for the buckets of the one address that asks; its subgraphs are its own, or it would be they who are late.
  limited: () => ours(localSources(), { limits: { limits: { perAddress: { perSecond: 1_000_000, burst: 1_000_000 }, mostCost: { anonymous: 1_000_000 } } }, connections: { perAddress: 10_000, idle: 10_000 } }),
  async apollo() {
    process.env.APOLLO_TELEMETRY_DISABLED = '1';
    const { ApolloGateway } = await import('@apollo/gateway');
    const server = new ApolloServer({ gateway: new ApolloGateway({ supergraphSdl: sdl }), nodeEnv: 'production', logger: { debug() {}, info() {}, warn() {}, error() {} } });
    const { url } = await startStandaloneServer(server, { listen: { port: 0, host: '127.0.0.1' } });
    return Number(new URL(url).port);
  },
  hive: () => hive(false),
  'hive, Rust planner': () => hive(true),
};

async function hive(rust) {
  const { createHive } = await import('./others/hive.mjs');
  const server = createServer(await createHive({ sdl, rust, shareReads }));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server.address().port;
}

process.send({ port: await STARTS[kind]() });
