import { execute, getVariableValues, Kind, visit, type DocumentNode, type ExecutionResult, type FragmentDefinitionNode, type GraphQLSchema, type OperationDefinitionNode } from 'graphql';
import { fillOf, type Compiled, type Fill } from './fields.js';
import { Run } from './run.js';

/** What one execution is given. */
export interface Asked { readonly variableValues?: Readonly<Record<string, unknown>> | undefined; readonly contextValue?: unknown; readonly rootValue?: unknown }

/** Runs one operation against one schema, any number of times. */
export type Executor = (asked: Asked) => ExecutionResult | Promise<ExecutionResult>;

/**
 * Compiles a query that is known to be valid: what graphql-js works out for each object of each answer (which fields, of
 * which type, by which resolver) is worked out once. The answers are those of graphql-js, to the error. What changes from
 * one answer to the next is left to graphql-js itself: mutations, whose fields take turns, and documents with directives.
 */
export function compileExecution(schema: GraphQLSchema, document: DocumentNode, operationName?: string): Executor {
  const operation = operationOf(document, operationName);
  const type = operation && schema.getRootType(operation.operation);
  if (operation === undefined || operation.operation === 'mutation' || !type || isConditional(document)) {
    return ({ variableValues, contextValue, rootValue }) => execute({ schema, document, operationName, variableValues, contextValue, rootValue });
  }
  const fragments = Object.fromEntries(document.definitions.flatMap((definition): [string, FragmentDefinitionNode][] => (definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition]] : [])));
  const compiled: Compiled = { schema, operation, fragments };
  let fill: Fill | undefined;
  return ({ variableValues = {}, contextValue, rootValue }) => {
    const { coerced, errors } = getVariableValues(schema, operation.variableDefinitions ?? [], variableValues, { maxErrors: 50 });
    if (errors !== undefined) return { errors };
    const run = new Run(contextValue, rootValue, coerced);
    (fill ??= fillOf(compiled, type, [operation.selectionSet]))(run, rootValue, run.root);
    return run.end();
  };
}

function operationOf(document: DocumentNode, name: string | undefined): OperationDefinitionNode | undefined {
  const operations = document.definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  return name === undefined ? (operations.length === 1 ? operations[0] : undefined) : operations.find((operation) => operation.name?.value === name);
}

/** Whether fields come and go with the variables; also for names that an object would take for its own. */
function isConditional(document: DocumentNode): boolean {
  let found = false;
  visit(document, {
    Directive: () => { found = true; },
    Field: ({ name, alias }) => { if ((alias ?? name).value === '__proto__' || name.value === '__schema' || name.value === '__type') found = true; },
  });
  return found;
}
