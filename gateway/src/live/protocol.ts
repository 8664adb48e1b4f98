import { newId } from '@quanyu/ids';
import { log } from '@quanyu/telemetry';
import type { Viewer } from '@quanyu/viewer';
import { GraphQLError, type ExecutionArgs, type ExecutionResult, type FormattedExecutionResult } from 'graphql';
import type { Context, ServerOptions } from 'graphql-ws';
import type { Authenticator } from '../authenticator.js';
import type { GatewayContext } from '../context.js';
import { refusal } from '../errors.js';
import type { Language } from '../language.js';
import type { Gate } from '../limits/gate.js';
import { chooseOperation, type Operation } from '../plan/operation.js';
import type { Prepared } from '../plan/prepare-document.js';
import { presentError, type Audience } from '../present-error.js';
import type { Supergraph } from '../supergraph.js';
import type { Usage } from '../usage/usage.js';
import type { LiveConnection } from './connection.js';
import type { LiveHub } from './hub.js';
import { resumeAfter } from './resume-after.js';
import type { RightsGuard } from './rights-guard.js';
import { SocketListener } from './socket-listener.js';
import { asResult as resultOf, runAuthorised } from '../rights/run-authorised.js';

/** What the live server needs of the gateway. */
export interface LiveOptions {
  readonly current: () => Supergraph;
  readonly authenticator: Authenticator;
  readonly introspection: boolean;
  readonly prepare: (supergraph: Supergraph, source: string) => Prepared;
  readonly hub: LiveHub;
  readonly guard: RightsGuard;
  readonly gate?: Gate | undefined;
  readonly usage?: Usage | undefined;
}

/** What is kept for one WebSocket connection. */
export interface Connection extends Record<PropertyKey, unknown> {
  readonly language: Language;
  readonly address: string;
  readonly writer: LiveConnection;
  readonly close: (code: number, reason: string) => void;
  /** By the client's id of the operation. */
  readonly requestIds: Map<string, string>;
  viewer?: Viewer;
  /** What it calls itself. */
  client?: string | undefined;
  gone?: boolean;
  unwatch?: () => void;
}

interface LiveOperation {
  readonly supergraph: Supergraph;
  readonly operation: Operation;
  readonly context: GatewayContext;
  readonly after: string | undefined;
  /** The client's id of it, and the connection that it came by. */
  readonly id: string;
  readonly connection: Connection;
}

type Params = Record<string, unknown>;
type Socket = Context<Params, Connection>;

const MOST_SUBSCRIPTIONS = 20;
const LONGEST_ID = 128;
// 4403 and not 4401: clients of graphql-ws come back after it with a fresh token, and give up after 4401.
const FORBIDDEN = 4403;
/** 1013 is "try again later": the credentials may be good. */
const CLOSE_CODES: Readonly<Record<string, number>> = { INTERNAL_SERVER_ERROR: 4500, SIGN_IN_UNAVAILABLE: 1013, OVERLOADED: 1013, RATE_LIMITED: 4429 };

/** The rules of the live protocol: who may connect, what runs for a message, how answers are worded. */
export function protocolOf(options: LiveOptions): ServerOptions<Params, Connection> {
  const { prepare, hub } = options;
  const audienceOf = (connection: Connection, requestId: string): Audience =>
    ({ requestId, language: connection.language, introspection: options.introspection });

  return {
    onConnect: async ({ extra, connectionParams }) => {
      const problem = await admit(extra, connectionParams ?? {}, options);
      if (problem !== undefined) extra.close(CLOSE_CODES[problem] ?? FORBIDDEN, problem);
      return problem === undefined;
    },

    onSubscribe: async (socket, id, payload) => {
      const requestId = newId('req');
      if (id.length > LONGEST_ID) {
        socket.extra.close(4400, 'The id of an operation has 128 characters at most');
        return [refusal('BAD_REQUEST')];
      }
      socket.extra.requestIds.set(id, requestId);
      if (Object.keys(socket.subscriptions).length > MOST_SUBSCRIPTIONS) return [refusal('TOO_MANY_SUBSCRIPTIONS', { limit: MOST_SUBSCRIPTIONS })];
      const supergraph = options.current();
      const source = await passing(options.gate, socket, payload);
      if (source instanceof GraphQLError) return [source];
      const document = prepare(supergraph, source);
      if (!('kind' in document)) return document;
      const operation = chooseOperation(source, document, payload.operationName, payload.variables);
      if (operation instanceof GraphQLError) return [operation];
      const refused = await options.gate?.charge(viewerOf(socket), supergraph, operation).then(() => undefined, asRefusal);
      if (refused !== undefined) return [refused];
      options.usage?.note(viewerOf(socket), socket.extra.client, supergraph, operation);
      const after = resumeAfter(payload.extensions);
      if (after === null) return [refusal('CURSOR_INVALID')];
      const { extra } = socket;
      return argumentsOf({ supergraph, operation, context: { viewer: viewerOf(socket), requestId, language: extra.language }, after, id, connection: extra });
    },

    subscribe: async (args) => {
      const { id, connection, ...subscribe } = args.contextValue as LiveOperation;
      const listener = new SocketListener(connection.writer, id);
      const joined = await hub.join(subscribe, listener).catch(asResult);
      if (typeof joined !== 'function') return joined;
      listener.leave = joined;
      return listener;
    },
    execute: (args) => {
      const { supergraph, operation, context } = args.contextValue as LiveOperation;
      return runAuthorised(supergraph, operation, context).then(resultOf).catch(asResult);
    },

    onNext: (socket, _id, _payload, args, result) =>
      presented(result, audienceOf(socket.extra, (args.contextValue as LiveOperation).context.requestId)),
    onError: (socket, id, _payload, errors) => {
      const audience = audienceOf(socket.extra, socket.extra.requestIds.get(id) ?? newId('req'));
      socket.extra.requestIds.delete(id);
      return errors.map((error) => presentError(error, audience));
    },
    onComplete: (socket, id) => {
      socket.extra.requestIds.delete(id);
    },
  };
}

/** Lets a connection in, or tells the reason why not. */
async function admit(connection: Connection, params: Params, { authenticator, guard, gate }: LiveOptions): Promise<string | undefined> {
  try {
    gate?.knock(connection.address, true);
    const admitted = await authenticator.authenticate({ authorization: textOf(params['authorization']), apiKey: textOf(params['apiKey']) });
    if (admitted.viewer.kind === 'anonymous') return 'UNAUTHENTICATED';
    connection.viewer = admitted.viewer;
    connection.client = textOf(params['apollographql-client-name']);
    if (connection.gone !== true) connection.unwatch = guard.watch(admitted, (reason) => connection.close(FORBIDDEN, reason));
    return undefined;
  } catch (error) {
    const { code, reason } = (error instanceof GraphQLError ? error.extensions : {}) as { code?: string; reason?: string };
    if (code === 'UNAUTHENTICATED') {
      gate?.noteRefused(connection.address);
      return reason ?? code;
    }
    if (code !== undefined && Object.hasOwn(CLOSE_CODES, code)) return code;
    log.error('a live connection could not be authenticated', { error });
    return 'INTERNAL_SERVER_ERROR';
  }
}

/** The document that a message means, once its viewer may ask at all. */
async function passing(gate: Gate | undefined, socket: Socket, payload: { readonly query: string; readonly extensions?: unknown }): Promise<string | GraphQLError> {
  if (gate === undefined) return payload.query;
  try {
    await gate.enter(viewerOf(socket), socket.extra.address);
    return gate.documents.textOf(payload) ?? payload.query;
  } catch (error) {
    return asRefusal(error);
  }
}

function asRefusal(error: unknown): GraphQLError {
  if (error instanceof GraphQLError) return error;
  throw error;
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

function viewerOf({ extra }: Socket): Viewer {
  if (extra.viewer === undefined) throw new Error('a message ran before its connection was let in');
  return extra.viewer;
}

const argumentsOf = (live: LiveOperation): ExecutionArgs => ({
  schema: live.supergraph.apiSchema,
  document: live.operation.document,
  operationName: live.operation.operationName,
  variableValues: live.operation.variables,
  contextValue: live,
});

const asResult = (error: unknown): ExecutionResult =>
  ({ errors: [new GraphQLError('the operation could not be run', { originalError: error as Error })] });

function presented({ data, errors }: ExecutionResult, audience: Audience): FormattedExecutionResult {
  return {
    ...(errors === undefined ? {} : { errors: errors.map((error) => presentError(error, audience)) }),
    ...(data === undefined ? {} : { data }),
  };
}
