import { isEnumType, isInputObjectType, isListType, isNonNullType, typeFromAST, valueFromASTUntyped, type GraphQLInputType, type GraphQLSchema, type OperationDefinitionNode } from 'graphql';

type Schema = Record<string, unknown>;

const SCALARS: Readonly<Record<string, Schema>> = { Int: { type: 'integer' }, Float: { type: 'number' }, Boolean: { type: 'boolean' }, JSON: {} };

/** The variables of an operation as JSON Schema, in which assistants are told what a tool takes. */
export function inputSchema(schema: GraphQLSchema, { variableDefinitions = [] }: OperationDefinitionNode): Schema & { readonly type: 'object' } {
  const definitions: Record<string, Schema> = {};
  const properties: Record<string, Schema> = {};
  const required: string[] = [];
  for (const { variable, type: node, defaultValue } of variableDefinitions) {
    const type = typeFromAST(schema, node as never) as GraphQLInputType | undefined;
    if (type === undefined) throw new Error(`Nobody knows the type of $${variable.name.value}`);
    const name = variable.name.value;
    properties[name] = { ...schemaOf(type, definitions), ...(defaultValue !== undefined && { default: valueFromASTUntyped(defaultValue) }) };
    if (isNonNullType(type) && defaultValue === undefined) required.push(name);
  }
  return { type: 'object', properties, required, additionalProperties: false, ...(Object.keys(definitions).length > 0 && { $defs: definitions }) };
}

function schemaOf(type: GraphQLInputType, definitions: Record<string, Schema>): Schema {
  if (isNonNullType(type)) return schemaOf(type.ofType as GraphQLInputType, definitions);
  if (isListType(type)) return { type: 'array', items: schemaOf(type.ofType as GraphQLInputType, definitions) };
  const about = type.description ? { description: type.description } : {};
  if (isEnumType(type)) return { type: 'string', enum: type.getValues().map(({ name }) => name), ...about };
  if (!isInputObjectType(type)) return { ...(SCALARS[type.name] ?? { type: 'string' }), ...about };
  if (definitions[type.name] === undefined) {
    // Set before its fields are read: inputs may hold themselves.
    const own: Schema = (definitions[type.name] = {});
    const fields = Object.values(type.getFields());
    Object.assign(own, {
      type: 'object', ...about, additionalProperties: false,
      properties: Object.fromEntries(fields.map((field) => [field.name, { ...schemaOf(field.type, definitions), ...(field.description ? { description: field.description } : {}) }])),
      required: fields.filter((field) => isNonNullType(field.type) && field.defaultValue === undefined).map(({ name }) => name),
    });
  }
  return { $ref: `#/$defs/${type.name}` };
}
