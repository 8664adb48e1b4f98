import { createGatewayRuntime } from '@graphql-hive/gateway';
import { unifiedGraphHandler } from '@graphql-hive/router-runtime';

/** Hive Gateway as a request listener. It shares equal calls to a subgraph that are under way, unless it is told not to. */
export async function createHive({ sdl, rust, shareReads }) {
  return createGatewayRuntime({
    supergraph: sdl,
    ...(rust ? { unifiedGraphHandler } : {}),
    logging: false,
    maskedErrors: false,
    graphiql: false,
    landingPage: false,
    healthCheckEndpoint: '/health',
    transportEntries: { '*.http': { options: { deduplicateInflightRequests: shareReads } } },
  });
}
