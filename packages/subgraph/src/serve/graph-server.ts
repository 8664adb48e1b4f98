import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled, ApolloServerPluginInlineTraceDisabled, ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled, ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import type { FormattedExecutionResult } from 'graphql';
import type { GraphContext } from '../context.js';
import type { RunningSubgraph } from '../open-subgraph.js';
import { wireError } from './wire-error.js';

/** An operation as the gateway's plan has it. */
export interface GraphRequest {
  readonly query: string;
  readonly operationName?: string | undefined;
  readonly variables?: Record<string, unknown> | undefined;
}

/** Apollo Server without its HTTP side: it parses and validates each text once, runs it and words its errors. */
export interface GraphServer { execute(request: GraphRequest, context: GraphContext): Promise<FormattedExecutionResult> }

const QUIET = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** Sets up Apollo Server on a subgraph's schema: nothing that calls home, and no texts of accidents. */
export async function createGraphServer({ schema, definition }: Pick<RunningSubgraph, 'schema' | 'definition'>): Promise<GraphServer> {
  const apollo = new ApolloServer<GraphContext>({
    schema,
    introspection: true,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    persistedQueries: false,
    nodeEnv: 'production',
    logger: QUIET,
    plugins: [
      ApolloServerPluginUsageReportingDisabled(), ApolloServerPluginSchemaReportingDisabled(), ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginCacheControlDisabled(), ApolloServerPluginLandingPageDisabled(),
    ],
    formatError: (_, error) => wireError(error, definition.name),
  });
  await apollo.start();
  return {
    async execute(request, contextValue) {
      const { body } = await apollo.executeOperation(request, { contextValue });
      return body.kind === 'single' ? body.singleResult : body.initialResult;
    },
  };
}
