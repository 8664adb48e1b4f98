import type { ExecutionResult } from 'graphql';
import type { GatewayContext } from '../context.js';

/** One operation for one subgraph, as the planner wrote it. */
export interface SubgraphRequest {
  readonly query: string;
  readonly operationName?: string | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | undefined;
}

/** How a subgraph is reached. */
export interface SubgraphSource {
  /** The subgraph's name in the supergraph. */
  readonly name: string;
  execute(request: SubgraphRequest, context: GatewayContext): Promise<ExecutionResult>;
  /** Gives a stream of results whose `return()` frees the subgraph's listener at once, or the one result that says why not. */
  subscribe(request: SubgraphRequest, context: GatewayContext): Promise<AsyncIterableIterator<ExecutionResult> | ExecutionResult>;
}
