import { AsyncLocalStorage } from 'node:async_hooks';
import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled, ApolloServerPluginInlineTraceDisabled, ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled, ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { log } from '@quanyu/telemetry';
import type { DocumentNode } from 'graphql';
import { BoundedMap } from './bounded-map.js';
import type { GatewayContext } from './context.js';
import { stringifyResult, type HttpContext } from './http/exchange.js';
import { limitRules, MOST_TOKENS } from './limits/rules.js';
import type { ServedGraph } from './plan/apollo-gateway.js';
import { presentError } from './present-error.js';

/** Apollo Server, and the way to run a request in it so that its errors find the request's language and id. */
export interface GraphServer {
  readonly apollo: ApolloServer<GatewayContext>;
  readonly graph: ServedGraph;
  within<T>(context: GatewayContext, work: () => T): T;
}

const MOST_CHARACTERS_OF_DOCUMENTS = 4 * 1024 * 1024;

/** Documents that passed validation, bounded by the size of their texts: one in memory is about forty times that. */
function documentStore(): NonNullable<ConstructorParameters<typeof ApolloServer>[0]['documentStore']> {
  const documents = new BoundedMap<string, DocumentNode>(MOST_CHARACTERS_OF_DOCUMENTS, Infinity, (document) => document.loc?.end ?? 1_000);
  return {
    get: (key) => Promise.resolve(documents.get(key)),
    set: (key, document) => Promise.resolve(documents.set(key, document)),
    delete: (key) => Promise.resolve(documents.delete(key)),
  };
}

const noteWellFormed: ApolloServerPlugin<GatewayContext> = {
  requestDidStart: ({ contextValue }) => Promise.resolve({
    didResolveSource: () => {
      const { exchange } = contextValue as Partial<HttpContext>;
      if (exchange !== undefined) exchange.wellFormed = true;
      return Promise.resolve();
    },
  }),
};

const complain = (): void => log.warn('the GraphQL server complained');

/** Sets up Apollo Server on the served graph: our limits, our errors, and nothing that calls home. */
export function createGraphServer(graph: ServedGraph, { introspection }: { readonly introspection: boolean }): GraphServer {
  // formatError is not told whose request it is.
  const requests = new AsyncLocalStorage<GatewayContext>();
  const apollo = new ApolloServer<GatewayContext>({
    gateway: graph.gateway,
    introspection: true, // Forbidden, where it is, by a rule of ours with a code of its own.
    validationRules: limitRules({ introspection }),
    parseOptions: { maxTokens: MOST_TOKENS },
    csrfPrevention: true,
    stringifyResult,
    documentStore: documentStore(),
    allowBatchedHttpRequests: false,
    persistedQueries: false,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    nodeEnv: 'production',
    logger: { debug: () => undefined, info: () => undefined, warn: complain, error: complain },
    plugins: [
      noteWellFormed,
      ApolloServerPluginUsageReportingDisabled(), ApolloServerPluginSchemaReportingDisabled(), ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginCacheControlDisabled(), ApolloServerPluginLandingPageDisabled(),
    ],
    formatError: (_formatted, error) => {
      const { requestId, language } = requests.getStore() ?? { requestId: 'none', language: 'en' };
      return presentError(error, { requestId, language, introspection });
    },
  });
  return { apollo, graph, within: (context, work) => requests.run(context, work) };
}
