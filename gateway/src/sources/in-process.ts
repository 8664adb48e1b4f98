import { createSourceEventStream, execute, parse, type DocumentNode, type ExecutionResult, type GraphQLSchema } from 'graphql';
import { BoundedMap } from '../bounded-map.js';
import type { GatewayContext } from '../context.js';
import { isStream, mapEvents } from '../live/map-events.js';
import { presentable } from './presentable.js';
import type { SubgraphRequest, SubgraphSource } from './source.js';

/** What an in-process source needs of its subgraph. */
export interface InProcessSubgraph {
  readonly name: string;
  readonly schema: GraphQLSchema;
  /** Makes the resolvers' context; called once per fetch, and once per event of a subscription. */
  readonly contextFor: (context: GatewayContext) => unknown;
}

const REMEMBERED_DOCUMENTS = 1_000;

/** Reaches a subgraph in the same process: no HTTP, no JSON, and no validation, since the planner wrote the query. */
export function inProcessSource({ name, schema, contextFor }: InProcessSubgraph): SubgraphSource {
  const documents = new BoundedMap<string, DocumentNode>(REMEMBERED_DOCUMENTS);

  const documentOf = (query: string): DocumentNode => {
    const known = documents.get(query);
    if (known !== undefined) return known;
    const document = parse(query, { noLocation: true });
    documents.set(query, document);
    return document;
  };

  const run = async (request: SubgraphRequest, context: GatewayContext, rootValue?: unknown): Promise<ExecutionResult> =>
    presentable(await execute({
      schema,
      document: documentOf(request.query),
      operationName: request.operationName,
      variableValues: request.variables,
      contextValue: contextFor(context),
      rootValue,
    }));

  return {
    name,
    execute: (request, context) => run(request, context),
    async subscribe(request, context) {
      const events = await createSourceEventStream({
        schema,
        document: documentOf(request.query),
        operationName: request.operationName,
        variableValues: request.variables,
        contextValue: contextFor(context),
      });
      if (!isStream(events as object)) return presentable(events as ExecutionResult);
      const iterator = (events as AsyncIterable<unknown>)[Symbol.asyncIterator]();
      // Loaders remember rows, so each event gets a context of its own.
      return mapEvents(iterator, (event) => run(request, { ...context }, event));
    },
  };
}
