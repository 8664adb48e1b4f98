import type { ApolloServerOptionsWithGateway, BaseContext } from '@apollo/server';
import { GraphQLError, type GraphQLSchema } from 'graphql';
import type { GatewayContext } from '../context.js';
import type { Supergraph } from '../supergraph.js';
import { chooseOperation } from './operation.js';
import { runOperation } from '../execute/run.js';

type GatewayInterface = ApolloServerOptionsWithGateway<BaseContext>['gateway'];
type Listener = Parameters<GatewayInterface['onSchemaLoadOrUpdate']>[0];

/** What Apollo Server talks to: the current supergraph, which can be replaced while it runs. */
export interface ServedGraph {
  readonly gateway: GatewayInterface;
  current(): Supergraph;
  swap(next: Supergraph): void;
}

/** Serves a supergraph to Apollo Server. An operation runs on the supergraph that it was validated against. */
export function serveGraph(first: Supergraph): ServedGraph {
  let current = first;
  const bySchema = new WeakMap<GraphQLSchema, Supergraph>([[first.apiSchema, first]]);
  const listeners = new Set<Listener>();
  const announce = (): void => {
    for (const listener of listeners) listener({ apiSchema: current.apiSchema, coreSupergraphSdl: current.sdl });
  };

  const gateway: GatewayInterface = {
    onSchemaLoadOrUpdate(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async load() {
      announce();
      return {
        executor: async ({ schema, source, document, request, context }) => {
          const operation = chooseOperation(source, document, request.operationName, request.variables);
          if (operation instanceof GraphQLError) return { errors: [operation] };
          const { data, errors } = await runOperation(bySchema.get(schema) ?? current, operation, context as GatewayContext);
          return { ...(errors.length === 0 ? {} : { errors }), ...(data === undefined ? {} : { data: JSON.parse(data) }) };
        },
      };
    },
    stop: () => Promise.resolve(),
  };

  return {
    gateway,
    current: () => current,
    swap(next) {
      bySchema.set(next.apiSchema, next);
      current = next;
      announce();
    },
  };
}
