import type { IncomingMessage, ServerResponse } from 'node:http';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js';
import { CallToolRequestSchema, ListToolsRequestSchema, type CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { withContext } from '@quanyu/telemetry';
import { GraphQLError } from 'graphql';
import type { Authenticator } from '../authenticator.js';
import { requestIdOf, type GatewayContext } from '../context.js';
import { refusal, statusOf } from '../errors.js';
import { OPERATION_MILLISECONDS } from '../execute/run.js';
import { Waiting } from '../execute/waiting.js';
import { isWelcomeOrigin } from '../http/cross-origin.js';
import { CLIENT_NAME, SECURITY_HEADERS } from '../http/graph-route.js';
import { readJson } from '../http/read-body.js';
import { sendText } from '../http/send.js';
import { languageOf } from '../language.js';
import type { Gate } from '../limits/gate.js';
import { createDocumentPreparer } from '../plan/prepare-document.js';
import { presentError } from '../present-error.js';
import { authorise } from '../rights/authorise.js';
import { runAuthorised } from '../rights/run-authorised.js';
import type { Supergraph } from '../supergraph.js';
import type { Usage } from '../usage/usage.js';
import { toolsOf, type Tool } from './tools.js';

/** What the route for assistants needs. */
export interface McpOptions {
  readonly current: () => Supergraph;
  /** The documents that become tools. */
  readonly documents: readonly string[];
  /** Whether tools that change something are among them. */
  readonly changes: boolean;
  readonly authenticator: Authenticator;
  readonly gate?: Gate | undefined;
  readonly usage?: Usage | undefined;
  readonly addressOf: (request: IncomingMessage) => string;
  readonly allowedOrigins?: readonly string[] | undefined;
}

/** Answers the Model Context Protocol over HTTP. */
export interface McpRoute { handle(request: IncomingMessage, response: ServerResponse): Promise<void> }

/** Who calls, and in which words errors are told. */
interface Caller { readonly context: GatewayContext; readonly client: string | undefined }

const VERSION = '1.0.0';

/**
 * Lets assistants call the trusted documents as tools, with the rights of whoever they work for: each request brings
 * its credentials, is limited as any other, and sees only tools that these rights allow as a whole. Nothing is
 * remembered between requests (streamable HTTP without sessions).
 */
export function createMcpRoute({ current, documents, changes, authenticator, gate, usage, addressOf, allowedOrigins = [] }: McpOptions): McpRoute {
  const prepare = createDocumentPreparer([]);
  const known = new WeakMap<Supergraph, ReadonlyMap<string, Tool>>();
  const toolsFor = (supergraph: Supergraph, { context: { viewer } }: Caller): Tool[] => {
    let tools = known.get(supergraph);
    if (tools === undefined) known.set(supergraph, (tools = toolsOf(supergraph, documents, prepare)));
    return [...tools.values()].filter((tool) => (changes || !tool.changes) && isAllowed(supergraph, tool, viewer));
  };

  const call = async (supergraph: Supergraph, tool: Tool, variables: Readonly<Record<string, unknown>>, { context, client }: Caller, waiting: Waiting): Promise<CallToolResult> => {
    const operation = tool.operation(variables);
    const charge = await gate?.charge(context.viewer, supergraph, operation);
    usage?.note(context.viewer, client, supergraph, operation);
    const { data, errors } = await runAuthorised(supergraph, operation, context, { waiting });
    if (charge?.told === true) await charge.settle(data === undefined ? undefined : JSON.parse(data));
    const told = errors.map((error) => presentError(error, { requestId: context.requestId, language: context.language, introspection: false }));
    const text = told.length === 0 ? `{"data":${data}}` : `{"data":${data ?? 'null'},"errors":${JSON.stringify(told)}}`;
    return { content: [{ type: 'text', text }], ...(told.length > 0 && { isError: true }) };
  };

  const serverFor = (caller: Caller, waiting: Waiting): Server => {
    const server = new Server({ name: 'quanyu', version: VERSION }, { capabilities: { tools: {} } });
    server.setRequestHandler(ListToolsRequestSchema, () => ({
      tools: toolsFor(current(), caller).map(({ name, description, inputSchema, changes: writes }) =>
        ({ name, description, inputSchema: inputSchema as never, annotations: { readOnlyHint: !writes, destructiveHint: writes, openWorldHint: false } })),
    }));
    server.setRequestHandler(CallToolRequestSchema, async ({ params }): Promise<CallToolResult> => {
      const supergraph = current();
      const { requestId, language } = caller.context;
      try {
        const tool = toolsFor(supergraph, caller).find(({ name }) => name === params.name);
        if (tool === undefined) throw refusal('DOCUMENT_NOT_TRUSTED');
        return await call(supergraph, tool, params.arguments ?? {}, caller, waiting);
      } catch (error) {
        const told = presentError(error, { requestId, language, introspection: false });
        return { isError: true, content: [{ type: 'text', text: JSON.stringify({ errors: [told] }) }] };
      }
    });
    return server;
  };

  const answer = async (request: IncomingMessage, response: ServerResponse, headers: Record<string, string>, requestId: string): Promise<void> => {
    if (!isWelcomeOrigin(request.headers, allowedOrigins)) throw refusal('ORIGIN_NOT_ALLOWED');
    const credentials = { authorization: request.headers.authorization, apiKey: textOf(request.headers['x-api-key']) };
    const address = addressOf(request);
    gate?.knock(address, true);
    const { viewer } = await authenticator.authenticate(credentials).catch((error: unknown) => {
      if (error instanceof GraphQLError && error.extensions['code'] === 'UNAUTHENTICATED') gate?.noteRefused(address);
      throw error;
    });
    if (viewer.kind === 'anonymous') throw refusal('UNAUTHENTICATED', { reason: 'NO_CREDENTIALS' });
    Object.assign(headers, await gate?.enter(viewer, address));
    const body = await readJson(request);
    // One message a request: the protocol has no batches since 2025-06-18.
    if (typeof body !== 'object' || body === null || Array.isArray(body)) throw refusal('BAD_REQUEST');

    const waiting = new Waiting(OPERATION_MILLISECONDS);
    response.once('close', () => waiting.end());
    const context: GatewayContext = { viewer, requestId, language: languageOf(request.headers['accept-language']) };
    const server = serverFor({ context, client: textOf(request.headers[CLIENT_NAME]) ?? 'mcp' }, waiting);
    const transport = new WebStandardStreamableHTTPServerTransport({ sessionIdGenerator: undefined, enableJsonResponse: true });
    await server.connect(transport as never);
    try {
      const answered = await withContext({ requestId, correlationId: requestId }, () => transport.handleRequest(webRequest(request), { parsedBody: body }));
      await sendText(request, response, answered.status, { ...headers, 'content-type': answered.headers.get('content-type') ?? 'application/json' }, await answered.text());
    } finally {
      await server.close();
    }
  };

  return {
    async handle(request, response) {
      const requestId = requestIdOf(textOf(request.headers['x-request-id']));
      const headers: Record<string, string> = { ...SECURITY_HEADERS, 'x-request-id': requestId };
      if (request.method !== 'POST') return void response.writeHead(405, { ...headers, allow: 'POST' }).end();
      try {
        await answer(request, response, headers, requestId);
      } catch (thrown) {
        if (response.headersSent) return void response.destroy();
        const presented = presentError(thrown, { requestId, language: languageOf(request.headers['accept-language']), introspection: false });
        const { code, retryAfter } = presented.extensions ?? {};
        if (code === 'UNAUTHENTICATED') headers['www-authenticate'] = 'Bearer';
        if (typeof retryAfter === 'number') headers['retry-after'] = String(retryAfter);
        await sendText(request, response, statusOf(code), { ...headers, 'content-type': 'application/json' }, JSON.stringify({ jsonrpc: '2.0', id: null, error: { code: -32000, message: presented.message, data: presented.extensions } }));
      }
    },
  };
}

/** A tool of which something would be missing is not shown: an assistant takes what it gets for the whole. */
function isAllowed(supergraph: Supergraph, tool: Tool, viewer: GatewayContext['viewer']): boolean {
  const operation = tool.operation({});
  const authorised = authorise(supergraph, operation, viewer);
  return authorised.kind === 'allowed' && authorised.operation === operation;
}

const textOf = (header: string | string[] | undefined): string | undefined => (Array.isArray(header) ? header.join(', ') : header);

/** What of a request the protocol's own code looks at. */
function webRequest({ headers }: IncomingMessage): Request {
  const kept = ['accept', 'content-type', 'mcp-protocol-version'].flatMap((name) => (headers[name] === undefined ? [] : [[name, String(headers[name])] as [string, string]]));
  return new Request('http://gateway/mcp', { method: 'POST', headers: kept });
}
