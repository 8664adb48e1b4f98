import { createSourceEventStream, type DocumentNode, type ExecutionResult, type GraphQLSchema } from 'graphql';
import type { GatewayContext } from '../context.js';
import { isStream, mapEvents } from '../live/map-events.js';
import { compileExecution, type Executor } from './compiled/execute.js';
import { presentable } from './presentable.js';
import type { LiveMark } from './live-mark.js';
import type { SubgraphRequest, SubgraphSource } from './source.js';

/** What an in-process source needs of its subgraph. */
export interface InProcessSubgraph {
  readonly name: string;
  readonly schema: GraphQLSchema;
  /** Makes the resolvers' context; called once per fetch, and once per event of a subscription. It may tell how long the answer holds. */
  readonly contextFor: (context: GatewayContext) => object & { readonly holdsMs?: number };
}

/** Reaches a subgraph in the same process: no HTTP, no JSON, no parsing and no validation, since the planner wrote the query. */
export function inProcessSource({ name, schema, contextFor }: InProcessSubgraph): SubgraphSource {
  // Documents live as long as the plans that hold them.
  const compiled = new WeakMap<DocumentNode, Executor>();
  const run = async ({ document, operationName, variables }: SubgraphRequest, context: GatewayContext, rootValue?: unknown): Promise<ExecutionResult> => {
    let execute = compiled.get(document);
    if (execute === undefined) compiled.set(document, (execute = compileExecution(schema, document, operationName)));
    const contextValue = contextFor(context);
    const result = presentable(await execute({ variableValues: variables, contextValue, rootValue }));
    const { holdsMs = Infinity } = contextValue;
    return holdsMs === Infinity ? result : { ...result, extensions: { ...result.extensions, holdsMs } };
  };

  return {
    name,
    execute: (request, context) => run(request, context),
    async subscribe(request, context) {
      const events = await createSourceEventStream({
        schema,
        document: request.document,
        operationName: request.operationName,
        variableValues: request.variables,
        contextValue: contextFor({ ...context, live: request.live }),
      });
      if (!isStream(events as object)) return presentable(events as ExecutionResult);
      const iterator = (events as AsyncIterable<unknown>)[Symbol.asyncIterator]();
      // Loaders remember rows, so each event gets a context of its own.
      return mapEvents(iterator, async (event) => {
        const mark = markOf(event);
        if (mark === undefined) return run(request, { ...context }, event);
        const extensions = { live: mark };
        return carriesData(mark) ? { ...(await run(request, { ...context }, event)), extensions } : { extensions };
      });
    },
  };
}

// A live field of ours tells with each event where in its log that is.
const markOf = (event: unknown): LiveMark | undefined =>
  (typeof event === 'object' && event !== null ? (event as { live?: LiveMark }).live : undefined);

const carriesData = ({ phase }: LiveMark): boolean => phase === 'current' || phase === 'change';
