import type { IncomingMessage, ServerResponse } from 'node:http';
import { HeaderMap } from '@apollo/server';
import { withContext } from '@quanyu/telemetry';
import type { GraphServer } from '../apollo-server.js';
import type { Authenticator } from '../authenticator.js';
import type { AnswerCache } from '../cache/answer-cache.js';
import { requestIdOf, type GatewayContext } from '../context.js';
import { statusOf } from '../errors.js';
import type { Part } from '../execute/answer.js';
import { OPERATION_MILLISECONDS } from '../execute/run.js';
import { Waiting } from '../execute/waiting.js';
import { languageOf } from '../language.js';
import type { Gate } from '../limits/gate.js';
import type { LiveSide } from '../live/live.js';
import { mapEvents } from '../live/map-events.js';
import { presentError, type Audience } from '../present-error.js';
import type { Usage } from '../usage/usage.js';
import { acceptanceOf } from './accept.js';
import { readAsked, type Asked } from './asked.js';
import { busyAnswer } from './busy.js';
import { crossOriginHeaders } from './cross-origin.js';
import { stringifyResult, type Exchange, type HttpContext } from './exchange.js';
import type { Paces } from './pace.js';
import { Repeats, type Outcome } from './repeat.js';
import { sendText } from './send.js';
import { deferredParts, serverSentEvents, subscriptionParts, writeStream } from './stream.js';

/** What the route of a graph needs. */
export interface GraphRouteOptions {
  readonly server: GraphServer;
  /** When a request begins. */
  readonly paces: Paces;
  readonly authenticator: Authenticator;
  readonly introspection: boolean;
  readonly openStream: LiveSide['openStream'];
  /** Limits of who may ask how much; none without it. */
  readonly gate?: Gate | undefined;
  readonly addressOf: (request: IncomingMessage) => string;
  readonly cache?: AnswerCache | undefined;
  readonly usage?: Usage | undefined;
  /** Origins whose pages may read answers, as `https://admin.example.com`; none by default. */
  readonly allowedOrigins?: readonly string[];
}

/** Answers GraphQL over HTTP; express is not on the way, it would cost more than many a query. */
export interface GraphRoute {
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Ends the streams that are open. */
  close(): void;
}

export const SECURITY_HEADERS = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
};

/** Under which clients of Apollo's kind say what they are called. */
export const CLIENT_NAME = 'apollographql-client-name';

interface Told { readonly text: string; readonly last: boolean }

export function createGraphRoute({ server, paces, authenticator, introspection, openStream, gate, addressOf, cache, usage, allowedOrigins = [] }: GraphRouteOptions): GraphRoute {
  const streams = new Set<AsyncIterableIterator<Told>>();
  const repeats = new Repeats(server.graph);

  const stream = async (response: ServerResponse, headers: Readonly<Record<string, string>>, framing: typeof deferredParts, texts: AsyncIterableIterator<Told>): Promise<void> => {
    streams.add(texts);
    await writeStream(response, headers, framing, texts).finally(() => streams.delete(texts));
  };

  const answer = async (request: IncomingMessage, response: ServerResponse, headers: Record<string, string>, audience: Audience): Promise<void> => {
    const credentials = { authorization: request.headers.authorization, apiKey: textOf(request.headers['x-api-key']) };
    const address = addressOf(request);
    gate?.knock(address, hasCredentials(request));
    const admitted = await authenticator.authenticate(credentials).catch((error: unknown) => {
      if (isUnauthenticated(error)) gate?.noteRefused(address);
      throw error;
    });
    Object.assign(headers, await gate?.enter(admitted.viewer, address));
    const context: GatewayContext = { viewer: admitted.viewer, requestId: audience.requestId, language: audience.language };
    const asked = await readAsked(request, gate?.documents);
    const exchange: Exchange = {
      cache,
      accepts: acceptanceOf(request.headers.accept), waiting: new Waiting(OPERATION_MILLISECONDS),
      charge: async (supergraph, operation) => {
        const charge = await gate?.charge(admitted.viewer, supergraph, operation);
        usage?.note(admitted.viewer, textOf(request.headers[CLIENT_NAME]), supergraph, operation);
        Object.assign(headers, charge?.headers);
        return charge;
      },
      subscribe: (supergraph, operation, after) => openStream({ supergraph, operation, context, after }, admitted),
    };
    response.once('close', () => exchange.waiting.end());
    const pace = paces.of((asked.body as { readonly query?: unknown } | null | undefined)?.query);
    await pace.turn();
    // Whoever has left meanwhile is not worth the work.
    const outcome = response.destroyed ? undefined : await outcomeOf({ ...context, exchange }, request, asked, headers, audience).finally(() => pace.done());
    if (outcome === undefined) return pace.done();

    const { status, type, text } = outcome;
    if (exchange.refused !== undefined) throw exchange.refused;
    headers['content-type'] = type;
    if (exchange.kept !== undefined) Object.assign(headers, freshness(exchange.kept, headers['vary']));
    if (exchange.events !== undefined) {
      const framing = exchange.accepts.events ? serverSentEvents : subscriptionParts;
      return stream(response, headers, framing, mapEvents(exchange.events, async (text) => ({ text, last: false })));
    }
    if (exchange.later !== undefined) return stream(response, headers, deferredParts, incremental(text, exchange.later, audience));
    if (exchange.accepts.onlyStream) return stream(response, headers, serverSentEvents, once({ text, last: true }));
    return sendText(request, response, statusFor(status, type, exchange), headers, text);
  };

  // Apart from the above, whose closures live as long as the request does and would keep its body.
  const outcomeOf = (context: HttpContext, request: IncomingMessage, asked: Asked, headers: Record<string, string>, audience: Audience): Promise<Outcome> => {
    const { requestId } = context;
    const repeat = request.method === 'POST' ? repeats.of(context.exchange.accepts.single, asked) : undefined;
    return withContext({ requestId, correlationId: requestId }, () => (repeat === undefined ? viaServer(context, request, asked, headers) : repeat(context, audience)));
  };

  /** Runs a request in Apollo Server: its parsing, validation, plugins and protection against forged requests. */
  const viaServer = async (context: HttpContext, request: IncomingMessage, asked: Asked, headers: Record<string, string>): Promise<Outcome> => {
    const { accepts: { single } } = context.exchange;
    const sent = new HeaderMap();
    for (const [name, value] of Object.entries(request.headers)) if (value !== undefined) sent.set(name, textOf(value) ?? '');
    sent.set('accept', single);
    const httpGraphQLRequest = { method: request.method ?? 'GET', headers: sent, ...asked };
    const told = await server.within(context, () => server.apollo.executeHTTPGraphQLRequest({ httpGraphQLRequest, context: () => Promise.resolve(context) }));
    for (const [name, value] of told.headers) headers[name] = value;
    const type = told.headers.get('content-type');
    if (context.exchange.wellFormed === true && told.status !== 406) repeats.learn(single, type);
    return { status: told.status ?? 200, type: type ?? 'application/json; charset=utf-8', text: told.body.kind === 'complete' ? told.body.string : '' };
  };

  return {
    async handle(request, response) {
      const retryAfter = request.method === 'OPTIONS' ? undefined : gate?.busy(hasCredentials(request));
      const requestId = requestIdOf(textOf(request.headers['x-request-id']), retryAfter !== undefined);
      const audience: Audience = { requestId, language: languageOf(request.headers['accept-language']), introspection };
      const headers: Record<string, string> = { ...SECURITY_HEADERS, 'x-request-id': requestId, ...crossOriginHeaders(request, allowedOrigins) };
      if (request.method === 'OPTIONS') return void response.writeHead(204, { ...headers, allow: 'GET, POST, OPTIONS' }).end();
      if (retryAfter !== undefined) {
        const { status, text } = busyAnswer(requestId, audience.language, retryAfter);
        return sendText(request, response, status, { ...headers, 'retry-after': String(retryAfter), 'content-type': 'application/json; charset=utf-8' }, text);
      }
      try {
        await answer(request, response, headers, audience);
      } catch (thrown) {
        if (response.headersSent) return void response.destroy();
        const presented = presentError(thrown, audience);
        const code = presented.extensions?.['code'];
        if (code === 'UNAUTHENTICATED') headers['www-authenticate'] = 'Bearer';
        const retryAfter = presented.extensions?.['retryAfter'];
        if (typeof retryAfter === 'number') headers['retry-after'] = String(retryAfter);
        await sendText(request, response, statusOf(code), { ...headers, 'content-type': 'application/json; charset=utf-8' }, stringifyResult({ errors: [presented] }));
      }
    },
    close() {
      for (const texts of streams) void texts.return?.();
    },
  };
}

/** In plain JSON, status codes tell of the transport only (GraphQL over HTTP, application/json); in the newer type, of the request. */
function statusFor(status: number, type: string, { wellFormed = false, accepts }: Exchange): number {
  const plain = accepts.plainJson && type.startsWith('application/json');
  return status === 400 && wellFormed && plain ? 200 : status;
}

/** For the client's own cache, never for one on the way: an answer belongs to rights. */
const freshness = ({ seconds, ageSeconds }: NonNullable<Exchange['kept']>, vary: string | undefined): Record<string, string> =>
  ({ 'cache-control': `private, max-age=${seconds}`, age: String(ageSeconds), vary: [vary, 'authorization', 'x-api-key', 'accept-language'].filter(Boolean).join(', ') });

const hasCredentials = ({ headers }: IncomingMessage): boolean => Boolean(headers.authorization ?? headers['x-api-key']);

const isUnauthenticated = (error: unknown): boolean => (error as { extensions?: { code?: unknown } } | null)?.extensions?.code === 'UNAUTHENTICATED';

const textOf = (header: string | string[] | undefined): string | undefined => (Array.isArray(header) ? header.join(', ') : header);

/** The first answer, then the parts as they come. */
function incremental(first: string, later: NonNullable<Exchange['later']>, audience: Audience): AsyncIterableIterator<Told> {
  const parts = mapEvents(later, async (ready) => ({ text: `{"incremental":[${ready.map((part) => textOfPart(part, audience)).join()}],"hasNext":${later.more}}`, last: !later.more }));
  let begun = false;
  return {
    [Symbol.asyncIterator]() { return this; },
    next() {
      if (begun) return parts.next();
      begun = true;
      return Promise.resolve({ done: false, value: { text: `${first.slice(0, -1)},"hasNext":true}`, last: false } });
    },
    return: () => parts.return?.() ?? Promise.resolve({ done: true, value: undefined }),
  };
}

function textOfPart({ label, path, data, errors }: Part, audience: Audience): string {
  const told = errors.length === 0 ? '' : `,"errors":${JSON.stringify(errors.map((error) => presentError(error, audience)))}`;
  return `{"data":${data},"path":${JSON.stringify(path)}${label === undefined ? '' : `,"label":${JSON.stringify(label)}`}${told}}`;
}

function once(told: Told): AsyncIterableIterator<Told> {
  let given = false;
  return {
    [Symbol.asyncIterator]() { return this; },
    next() {
      const done = given;
      given = true;
      return Promise.resolve(done ? { done: true, value: undefined } : { done: false, value: told });
    },
    return() {
      given = true;
      return Promise.resolve({ done: true, value: undefined });
    },
  };
}
