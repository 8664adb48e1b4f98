import { getOperationAST, getVariableValues, GraphQLError, Kind, type DocumentNode, type FragmentDefinitionNode, type GraphQLSchema, type OperationDefinitionNode } from 'graphql';

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

/** The fragments of a document by name. */
export const fragmentsOf = (document: DocumentNode): Map<string, FragmentDefinitionNode> =>
  new Map(document.definitions.flatMap((definition) => (definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition] as const] : [])));

const MOST_ERRORS = 20;
const NO_VALUES: Readonly<Record<string, unknown>> = {};

/** Checks the variables of an operation against their declared types, and gives them with their defaults; what subgraphs get are the values as sent. */
export function variablesOf(
  { apiSchema }: { readonly apiSchema: GraphQLSchema }, { definition, variables }: Operation,
): { readonly values: Readonly<Record<string, unknown>>; readonly errors: readonly GraphQLError[] } {
  if (!definition.variableDefinitions?.length) return { values: NO_VALUES, errors: [] };
  const { coerced, errors } = getVariableValues(apiSchema, definition.variableDefinitions, variables, { maxErrors: MOST_ERRORS });
  return {
    values: coerced ?? NO_VALUES,
    errors: (errors ?? []).map((error) => new GraphQLError(error.message, { nodes: error.nodes, originalError: error, extensions: { code: 'BAD_USER_INPUT' } })),
  };
}
