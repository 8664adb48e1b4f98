import { buildOperationContext, executeQueryPlan, type GraphQLDataSource } from '@apollo/gateway';
import type { PlanNode } from '@apollo/query-planner';
import { log } from '@quanyu/telemetry';
import { parse, type ExecutionResult, type GraphQLError } from 'graphql';
import type { GatewayContext } from '../context.js';
import { refusal } from '../errors.js';
import type { SubgraphRequest, SubgraphSource } from '../sources/source.js';
import type { Supergraph } from '../supergraph.js';
import { planOf, variableErrors, type Operation } from './operation.js';

/** Stands in for a subgraph's answer to one fetch; undefined lets the fetch go out. */
export type Answer = (subgraph: string, request: SubgraphRequest) => ExecutionResult | undefined;

/** Runs a query or a mutation; errors come back raw, to be presented at the edge. */
export async function runOperation(supergraph: Supergraph, operation: Operation, context: GatewayContext): Promise<ExecutionResult> {
  if (operation.definition.operation === 'subscription') return { errors: [refusal('SUBSCRIPTION_NEEDS_WEBSOCKET')] };
  const errors = variableErrors(supergraph, operation);
  if (errors.length > 0) return { errors };
  const { node } = planOf(supergraph, operation);
  return runPlan(supergraph, operation, node as PlanNode | undefined, context);
}

/** Runs the nodes of a plan with Apollo's executor. `answer` can take the place of fetches. */
export async function runPlan(
  supergraph: Supergraph, operation: Operation, node: PlanNode | undefined, context: GatewayContext, answer?: Answer,
): Promise<ExecutionResult> {
  const result = await executeQueryPlan(
    { kind: 'QueryPlan', node },
    dataSources(supergraph.sources, context, answer),
    { request: { variables: operation.variables }, context, logger: SILENT, metrics: {} } as unknown as RequestContext,
    buildOperationContext({ schema: supergraph.apiSchema, operationDocument: operation.document, operationName: operation.operationName }),
    supergraph.fullSchema,
    supergraph.planningSchema,
  );
  return complete(result);
}

const FETCH_MILLISECONDS = 3_000;

type RequestContext = Parameters<typeof executeQueryPlan>[2];

// Apollo's texts name subgraphs and quote answers, so only the fact is logged.
const complain = (): void => log.warn('the executor of query plans complained');
const SILENT = { debug: () => undefined, info: () => undefined, warn: complain, error: complain };

function dataSources(
  sources: ReadonlyMap<string, SubgraphSource>, context: GatewayContext, answer: Answer | undefined,
): Record<string, GraphQLDataSource> {
  const services: Record<string, GraphQLDataSource> = {};
  for (const [name, source] of sources) {
    services[name] = {
      process: async ({ request: { query = '', operationName, variables } }) => {
        const request = { query, document: parse(query, { noLocation: true }), operationName, variables };
        return answer?.(name, request) ?? source.execute(request, context, { deadline: Date.now() + FETCH_MILLISECONDS, signal: AbortSignal.timeout(FETCH_MILLISECONDS) });
      },
    };
  }
  return services;
}

// The executor hides nulls where the schema allows none in an extension; to a client they are errors.
function complete(result: ExecutionResult): ExecutionResult {
  const { data, errors, extensions } = result;
  const broken = extensions?.['valueCompletion'] as readonly GraphQLError[] | undefined;
  return broken === undefined ? { ...(data === undefined ? {} : { data }), ...(errors === undefined ? {} : { errors }) } : { errors: broken, data };
}
