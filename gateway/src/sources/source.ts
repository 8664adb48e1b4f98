import type { DocumentNode, ExecutionResult } from 'graphql';
import type { GatewayContext } from '../context.js';
import type { LiveRequest } from './live-mark.js';

/** One operation for one subgraph, as the plan has it. */
export interface SubgraphRequest {
  readonly query: string;
  /** `query`, parsed: the same object as long as the plan lives, so a source can remember what it made of it. */
  readonly document: DocumentNode;
  readonly operationName?: string | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | undefined;
  /** Of a subscription: whether the changes are wanted, or what came before them. Sent on as `extensions.live`. */
  readonly live?: LiveRequest | undefined;
}

/** How long an answer is waited for. */
export interface Patience {
  /** Milliseconds since 1970; a remote subgraph is told, so that it does not work on for nobody. */
  readonly deadline: number;
  /** Aborted at the deadline, or when the client has left. */
  readonly signal: AbortSignal;
}

/** How a subgraph is reached. */
export interface SubgraphSource {
  /** The subgraph's name in the supergraph. */
  readonly name: string;
  /** Gives the subgraph's answer; throws only where there is none, which may be tried again for a query and counts against the subgraph. */
  execute(request: SubgraphRequest, context: GatewayContext, patience: Patience): Promise<ExecutionResult>;
  /** Gives a stream of results whose `return()` frees the subgraph's listener at once, or the one result that says why not. */
  subscribe(request: SubgraphRequest, context: GatewayContext): Promise<AsyncIterableIterator<ExecutionResult> | ExecutionResult>;
}

/** How many milliseconds from now an answer holds, as the subgraph tells in `extensions.holdsMs`; Infinity where time alone changes nothing. */
export const holdsMsOf = ({ extensions }: ExecutionResult): number => (typeof extensions?.['holdsMs'] === 'number' ? extensions['holdsMs'] : Infinity);
