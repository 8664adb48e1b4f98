import type { FetchNode, PlanNode, SubscriptionNode } from '@apollo/query-planner';
import { GraphQLError, parse, type ExecutionResult } from 'graphql';
import type { GatewayContext } from '../context.js';
import { planOf, variableErrors, type Operation } from '../plan/operation.js';
import { runPlan } from '../plan/run-plan.js';
import type { Supergraph } from '../supergraph.js';
import { isStream, mapEvents } from './map-events.js';

type Subscribed = AsyncIterableIterator<ExecutionResult> | ExecutionResult;

/**
 * Subscribes across subgraphs: the owner of the root field yields events, and each event runs the rest of the plan.
 *
 * Apollo's executor refuses subscriptions, so every event runs as an ordinary plan whose first fetch, the owner's,
 * is answered by the event. Aliases, nulls and error paths then come out as in a query.
 */
export async function subscribeOperation(supergraph: Supergraph, operation: Operation, context: GatewayContext): Promise<Subscribed> {
  const errors = variableErrors(supergraph, operation);
  if (errors.length > 0) return { errors };
  const { primary, rest } = planOf(supergraph, operation).node as SubscriptionNode;
  const owner = supergraph.sources.get(primary.serviceName);
  if (owner === undefined) throw new Error('the plan names a subgraph that has no source');

  const events = await owner.subscribe(
    { query: primary.operation, document: parse(primary.operation, { noLocation: true }), operationName: primary.operationName, variables: used(operation.variables, primary) }, context,
  );
  if (!isStream(events)) return { ...events, errors: events.errors?.map((error) => fromSubgraph(error, primary.serviceName)) };

  const node = planOfEvent(primary, rest);
  return mapEvents(events, async (event) => {
    try {
      // The text of the subscription is unlike that of any other fetch of the plan.
      return await runPlan(supergraph, operation, node, { ...context }, (_subgraph, request) => (request.query === primary.operation ? event : undefined));
    } catch (error) {
      // One event that could not be completed does not end the stream.
      return { data: null, errors: [new GraphQLError('the event could not be completed', { originalError: error as Error })] };
    }
  });
}

function planOfEvent(primary: FetchNode, rest: PlanNode | undefined): PlanNode {
  return rest === undefined ? primary : { kind: 'Sequence', nodes: [primary, rest] };
}

function used(variables: Operation['variables'], { variableUsages = [] }: FetchNode): Record<string, unknown> {
  return Object.fromEntries(variableUsages.filter((name) => variables[name] !== undefined).map((name) => [name, variables[name]]));
}

// As the executor marks errors of the other fetches.
function fromSubgraph(error: GraphQLError, serviceName: string): GraphQLError {
  const { message, path, originalError, extensions } = error;
  return new GraphQLError(message, { path, originalError: originalError ?? error, extensions: { ...extensions, serviceName } });
}
