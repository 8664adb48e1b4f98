import {
  getNamedType, isEnumType, isListType, isNonNullType, isObjectType, Kind, parse,
  type FieldNode, type GraphQLOutputType, type GraphQLSchema, type OperationDefinitionNode, type SelectionSetNode,
} from 'graphql';
import { inputSchema } from '../mcp/input-schema.js';
import type { RestCall } from './calls.js';

type Schema = Readonly<Record<string, unknown>>;

const SCALARS: Readonly<Record<string, Schema>> = {
  Int: { type: 'integer' }, SafeInt: { type: 'integer' }, Float: { type: 'number' }, Boolean: { type: 'boolean' }, DateTime: { type: 'string', format: 'date-time' },
};

/** What went wrong, in the shape of every refusal here. */
const ERROR: Schema = { type: 'object', required: ['error'], properties: { error: { type: 'object', required: ['code', 'message', 'requestId'], properties: { code: { type: 'string' }, message: { type: 'string' }, requestId: { type: 'string' } } } } };

/** The calls as OpenAPI 3.1: parameters from the documents' variables, answers from what they select. @throws Error where the graph has lost what a document asks for */
export function openApi(schema: GraphQLSchema, calls: readonly RestCall[]): Schema {
  return {
    openapi: '3.1.0',
    info: { title: 'quanyu REST', version: '1', description: 'A mirror of some calls of /public/graphql, for partners without GraphQL. Keys, scopes and limits are the same.' },
    servers: [{ url: '/rest/v1' }],
    security: [{ key: [] }],
    components: { securitySchemes: { key: { type: 'apiKey', in: 'header', name: 'x-api-key' } }, schemas: { Error: ERROR } },
    paths: Object.fromEntries(calls.map((call) => [call.path, { get: operationOf(schema, call) }])),
  };
}

function operationOf(schema: GraphQLSchema, { path, summary, document, field }: RestCall): Schema {
  const definition = parse(document).definitions[0] as OperationDefinitionNode;
  const { properties, required } = inputSchema(schema, definition) as unknown as { readonly properties: Readonly<Record<string, Schema>>; readonly required: readonly string[] };
  const refused = (description: string): Schema => ({ description, content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } } });
  const query = schema.getQueryType()!;
  const root = definition.selectionSet.selections.find((selection): selection is FieldNode => selection.kind === Kind.FIELD && selection.name.value === field)!;
  return {
    operationId: definition.name!.value, summary,
    parameters: Object.entries(properties).map(([name, of]) => ({ name, in: path.includes(`{${name}}`) ? 'path' : 'query', required: required.includes(name), schema: of })),
    responses: {
      200: { description: 'As asked.', content: { 'application/json': { schema: answerOf(query.getFields()[field]!.type, root.selectionSet) } } },
      400: refused('A parameter is missing, unknown or of another form.'), 401: refused('No key, or one that is not valid.'), 403: refused('The key lacks a scope.'), 404: refused('There is nothing here.'), 429: refused('Too many calls; see retry-after.'),
    },
  };
}

function answerOf(type: GraphQLOutputType, selections: SelectionSetNode | undefined): Schema {
  if (!isNonNullType(type)) return nullable(present(type, selections));
  return present(type.ofType as GraphQLOutputType, selections);
}

const nullable = (of: Schema): Schema => (typeof of['type'] === 'string' ? { ...of, type: [of['type'], 'null'] } : { anyOf: [of, { type: 'null' }] });

function present(type: GraphQLOutputType, selections: SelectionSetNode | undefined): Schema {
  if (isListType(type)) return { type: 'array', items: answerOf(type.ofType as GraphQLOutputType, selections) };
  const named = getNamedType(type);
  if (isEnumType(named)) return { type: 'string', enum: named.getValues().map(({ name }) => name) };
  if (!isObjectType(named)) return SCALARS[named.name] ?? { type: 'string' };
  const fields = (selections?.selections ?? []).flatMap((selection) => (selection.kind === Kind.FIELD ? [selection] : []));
  return {
    type: 'object', required: fields.map(({ name }) => name.value),
    properties: Object.fromEntries(fields.map(({ name: { value: name }, selectionSet }) => {
      const field = named.getFields()[name];
      if (field === undefined) throw new Error(`${named.name} has no ${name}`);
      return [name, { ...answerOf(field.type, selectionSet), ...(field.description ? { description: field.description } : {}) }];
    })),
  };
}
