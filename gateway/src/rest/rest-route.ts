import type { IncomingMessage, ServerResponse } from 'node:http';
import { withContext } from '@quanyu/telemetry';
import { GraphQLError, Kind, typeFromAST, isListType, isNonNullType, getNamedType, type GraphQLInputType, type OperationDefinitionNode } from 'graphql';
import type { Authenticator } from '../authenticator.js';
import { requestIdOf, type GatewayContext } from '../context.js';
import { refusal, statusOf } from '../errors.js';
import { OPERATION_MILLISECONDS } from '../execute/run.js';
import { Waiting } from '../execute/waiting.js';
import { SECURITY_HEADERS } from '../http/graph-route.js';
import { sendText } from '../http/send.js';
import { languageOf } from '../language.js';
import type { Gate } from '../limits/gate.js';
import { createDocumentPreparer } from '../plan/prepare-document.js';
import { presentError } from '../present-error.js';
import { runAuthorised } from '../rights/run-authorised.js';
import type { Supergraph } from '../supergraph.js';
import type { Usage } from '../usage/usage.js';
import { REST_CALLS, type RestCall } from './calls.js';
import { openApi } from './open-api.js';

/** What the mirror needs: the partners' graph, their authenticator and their limits. */
export interface RestOptions {
  readonly current: () => Supergraph;
  readonly authenticator: Authenticator;
  readonly gate?: Gate | undefined;
  readonly usage?: Usage | undefined;
  readonly addressOf: (request: IncomingMessage) => string;
  /** Those of the product by default. */
  readonly calls?: readonly RestCall[] | undefined;
}

/** Answers partners who speak no GraphQL. */
export interface RestRoute { handle(request: IncomingMessage, response: ServerResponse): Promise<void> }

export const REST = '/rest/v1';
const MANUAL = '/openapi.json';
/** Codes of the graph as statuses: here every answer is one. */
const STATUSES: Readonly<Record<string, number>> = { FORBIDDEN: 403, BAD_USER_INPUT: 400, INVALID_ID: 400, GRAPHQL_VALIDATION_FAILED: 500 };

interface Found { readonly call: RestCall; readonly variables: Readonly<Record<string, string>> }

/** The mirror: each call runs its document on the graph of partners, with the rights and the cost that it has there. */
export function createRestRoute({ current, authenticator, gate, usage, addressOf, calls = REST_CALLS }: RestOptions): RestRoute {
  const prepare = createDocumentPreparer([]);
  const manuals = new WeakMap<Supergraph, string>();
  const patterns = calls.map((call) => ({ call, pattern: new RegExp(`^${call.path.replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]{1,200})')}$`) }));
  const find = (path: string): Found => {
    for (const { call, pattern } of patterns) {
      const match = pattern.exec(path);
      if (match !== null) return { call, variables: { ...match.groups } };
    }
    throw refusal('NOT_FOUND');
  };

  const answer = async (request: IncomingMessage, response: ServerResponse, headers: Record<string, string>, requestId: string): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://gateway');
    const path = url.pathname.slice(REST.length);
    const supergraph = current();
    if (path === MANUAL) return sendText(request, response, 200, { ...headers, 'content-type': 'application/json; charset=utf-8' }, manualOf(supergraph));
    const address = addressOf(request);
    const apiKey = textOf(request.headers['x-api-key']);
    gate?.knock(address, apiKey !== undefined);
    const { viewer } = await authenticator.authenticate({ authorization: request.headers.authorization, apiKey }).catch((error: unknown) => {
      if (error instanceof GraphQLError && error.extensions['code'] === 'UNAUTHENTICATED') gate?.noteRefused(address);
      throw error;
    });
    if (viewer.kind === 'anonymous') throw refusal('UNAUTHENTICATED', { reason: 'NO_CREDENTIALS' });
    Object.assign(headers, await gate?.enter(viewer, address));
    const { call, variables } = find(path);
    const document = prepare(supergraph, call.document);
    if (!('kind' in document)) throw document[0]!;
    const definition = document.definitions.find((one): one is OperationDefinitionNode => one.kind === Kind.OPERATION_DEFINITION)!;
    const operation = { source: call.document, document, definition, variables: { ...valuesOf(supergraph, definition, url.searchParams, variables), ...variables } };
    const waiting = new Waiting(OPERATION_MILLISECONDS);
    response.once('close', () => waiting.end());
    const context: GatewayContext = { viewer, requestId, language: languageOf(request.headers['accept-language']) };
    const charge = await gate?.charge(viewer, supergraph, operation);
    usage?.note(viewer, 'rest', supergraph, operation);
    Object.assign(headers, charge?.headers);
    const { data, errors } = await withContext({ requestId, correlationId: requestId }, () => runAuthorised(supergraph, operation, context, { waiting }));
    const told = data === undefined ? undefined : JSON.parse(data) as Readonly<Record<string, unknown>> | null;
    if (charge?.told === true) await charge.settle(told);
    // A part that is missing would be taken for nothing by who cannot see why.
    if (errors.length > 0) throw errors[0]!;
    const value = told?.[call.field] ?? null;
    if (value === null) throw refusal('NOT_FOUND');
    return sendText(request, response, 200, { ...headers, 'content-type': 'application/json; charset=utf-8' }, JSON.stringify(value));
  };

  const manualOf = (supergraph: Supergraph): string => {
    const known = manuals.get(supergraph) ?? JSON.stringify(openApi(supergraph.apiSchema, calls));
    manuals.set(supergraph, known);
    return known;
  };

  return {
    async handle(request, response) {
      const requestId = requestIdOf(textOf(request.headers['x-request-id']));
      const language = languageOf(request.headers['accept-language']);
      const headers: Record<string, string> = { ...SECURITY_HEADERS, 'x-request-id': requestId };
      if (request.method !== 'GET') return void response.writeHead(405, { ...headers, allow: 'GET' }).end();
      try {
        await answer(request, response, headers, requestId);
      } catch (thrown) {
        if (response.headersSent) return void response.destroy();
        const { message, extensions } = presentError(thrown, { requestId, language, introspection: false });
        const code = typeof extensions?.['code'] === 'string' ? extensions['code'] : 'INTERNAL_SERVER_ERROR';
        if (typeof extensions?.['retryAfter'] === 'number') headers['retry-after'] = String(extensions['retryAfter']);
        const status = Object.hasOwn(STATUSES, code) ? STATUSES[code]! : statusOf(code);
        await sendText(request, response, status, { ...headers, 'content-type': 'application/json; charset=utf-8' }, JSON.stringify({ error: { code, message, requestId } }));
      }
    },
  };
}

/** The query's parameters as values of the document's variables; what it does not know is refused. */
function valuesOf({ apiSchema }: Supergraph, { variableDefinitions = [] }: OperationDefinitionNode, query: URLSearchParams, path: Readonly<Record<string, string>>): Readonly<Record<string, unknown>> {
  const values: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  const known = new Map(variableDefinitions.map(({ variable, type }) => [variable.name.value, typeFromAST(apiSchema, type as never) as GraphQLInputType]));
  for (const name of new Set(query.keys())) {
    const type = known.get(name);
    if (type === undefined || Object.hasOwn(path, name)) throw wrong(name);
    const all = query.getAll(name);
    const bare = isNonNullType(type) ? type.ofType as GraphQLInputType : type;
    if (!isListType(bare) && all.length > 1) throw wrong(name);
    const read = (text: string): unknown => valueOf(getNamedType(type).name, text, name);
    values[name] = isListType(bare) ? all.map(read) : read(all[0]!);
  }
  for (const [name, type] of known) if (isNonNullType(type) && !Object.hasOwn(values, name) && !Object.hasOwn(path, name)) throw wrong(name);
  return values;
}

function valueOf(type: string, text: string, name: string): unknown {
  if (type === 'Int') {
    if (!/^-?\d{1,9}$/.test(text)) throw wrong(name);
    return Number(text);
  }
  if (type === 'Boolean') {
    if (text !== 'true' && text !== 'false') throw wrong(name);
    return text === 'true';
  }
  return text;
}

const wrong = (name: string): GraphQLError => refusal('PARAMETER_INVALID', { parameter: /^\w{1,40}$/.test(name) ? name : '?' });
const textOf = (header: string | string[] | undefined): string | undefined => (Array.isArray(header) ? header.join(', ') : header);
