import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  getNamedType, GraphQLError, isInputObjectType, parse, print, typeFromAST, TypeInfo, validate, visit, visitWithTypeInfo,
  type DocumentNode, type GraphQLSchema,
} from 'graphql';

/** A document that a client is known to send. */
export interface ClientOperation {
  /** From the root of the repo. */
  readonly file: string;
  readonly names: readonly string[];
  readonly document: DocumentNode;
}

/** Parses one file of `schema/operations`. */
export function clientOperation(file: string, text: string): ClientOperation {
  const document = parse(text);
  const names = document.definitions.flatMap((definition) => (definition.kind === 'OperationDefinition' ? [definition.name?.value ?? ''] : []));
  return { file, names, document };
}

/** Every operation below a folder, by file name. */
export const readOperations = (folder: URL): ClientOperation[] =>
  globSync('**/*.graphql', { cwd: fileURLToPath(folder) }).sort()
    .map((file) => clientOperation(`schema/operations/${file}`, readFileSync(new URL(file, folder), 'utf8')));

/** What is wrong with the operations in this graph, one sentence a fault. */
export function operationFaults(schema: GraphQLSchema, operations: readonly ClientOperation[]): string[] {
  const names = operations.flatMap((operation) => operation.names);
  return operations.flatMap((operation) => [
    ...validate(schema, operation.document).map((error: GraphQLError) => `${operation.file}: ${error.message}`),
    ...operation.names.filter((name) => name === '').map(() => `${operation.file}: give the operation a name.`),
    ...operation.names.filter((name) => name !== '' && names.filter((other) => other === name).length > 1).map((name) => `${operation.file}: ${name} is the name of another operation too.`),
    ...wholeInputs(schema, operation),
  ]);
}

/** An input that comes whole in a variable hides which of its fields a client sends, and then no field of it could ever go. */
function wholeInputs(schema: GraphQLSchema, { file, document }: ClientOperation): string[] {
  return document.definitions.flatMap((definition) => (definition.kind === 'OperationDefinition' ? definition.variableDefinitions ?? [] : []))
    .filter(({ type }) => isInputObjectType(getNamedType(typeFromAST(schema, type as never))))
    .map(({ variable, type }) => `${file}: write the fields of ${print(type)} out instead of passing $${variable.name.value} whole.`);
}

/** What an operation names of a graph: `Type`, `Type.field`, `Type.field.argument`, `Input.field`, `Enum.VALUE`. */
export function coordinatesOf(schema: GraphQLSchema, { document }: ClientOperation): Set<string> {
  const used = new Set<string>();
  const info = new TypeInfo(schema);
  visit(document, visitWithTypeInfo(info, {
    Field: ({ name }) => {
      const [parent, type] = [info.getParentType(), info.getType()];
      if (parent) used.add(parent.name).add(`${parent.name}.${name.value}`);
      if (type) used.add(getNamedType(type).name);
    },
    Argument: ({ name }) => {
      const [parent, field, input] = [info.getParentType(), info.getFieldDef(), info.getInputType()];
      if (parent && field) used.add(`${parent.name}.${field.name}.${name.value}`);
      if (input) used.add(getNamedType(input).name);
    },
    ObjectField: ({ name }) => {
      const parent = getNamedType(info.getParentInputType());
      if (parent) used.add(`${parent.name}.${name.value}`);
      const input = getNamedType(info.getInputType());
      if (input) used.add(input.name);
    },
    EnumValue: ({ value }) => {
      const type = getNamedType(info.getInputType());
      if (type) used.add(`${type.name}.${value}`);
    },
    NamedType: ({ name }) => { used.add(name.value); },
  }));
  return used;
}
