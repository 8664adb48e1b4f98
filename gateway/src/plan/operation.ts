import { operationFromDocument } from '@apollo/federation-internals';
import type { QueryPlan } from '@apollo/query-planner';
import { getOperationAST, getVariableValues, GraphQLError, type DocumentNode, type OperationDefinitionNode } from 'graphql';
import type { Supergraph } from '../supergraph.js';

/** A validated operation of a client, with the values it came with. */
export interface Operation {
  readonly source: string;
  readonly document: DocumentNode;
  readonly definition: OperationDefinitionNode;
  readonly operationName?: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Picks the operation that a request means out of its document; the error says why none can be meant. */
export function chooseOperation(
  source: string, document: DocumentNode, operationName: string | null | undefined, variables: Readonly<Record<string, unknown>> | null | undefined,
): Operation | GraphQLError {
  const definition = getOperationAST(document, operationName);
  if (definition) return { source, document, definition, operationName: operationName ?? undefined, variables: variables ?? {} };
  const message = operationName ? 'The document has no operation of this name.' : 'Name the operation that is meant: the document has none, or several.';
  return new GraphQLError(message, { extensions: { code: 'OPERATION_RESOLUTION_FAILURE' } });
}

/** Gives the plan of an operation; it is the same for all variables. */
export function planOf(supergraph: Supergraph, { source, document, operationName }: Operation): QueryPlan {
  const key = `${operationName ?? ''}\n${source}`;
  const known = supergraph.plans.get(key);
  if (known !== undefined) return known;
  const operation = operationFromDocument(supergraph.planningSchema, document, { operationName });
  const plan = supergraph.queryPlanner.buildQueryPlan(operation);
  supergraph.plans.set(key, plan);
  return plan;
}

const MOST_ERRORS = 20;

/** Checks the variables of an operation against their declared types; what subgraphs get are the values as sent. */
export function variableErrors(supergraph: Supergraph, { definition, variables }: Operation): readonly GraphQLError[] {
  const { errors } = getVariableValues(supergraph.apiSchema, definition.variableDefinitions ?? [], variables, { maxErrors: MOST_ERRORS });
  return (errors ?? []).map(
    (error) => new GraphQLError(error.message, { nodes: error.nodes, originalError: error, extensions: { code: 'BAD_USER_INPUT' } }),
  );
}
