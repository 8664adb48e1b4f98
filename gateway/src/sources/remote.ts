import { GRAPH_PATH, LANGUAGE_HEADER, REQUEST_ID_HEADER, ServiceUnavailableError, STREAM_TYPE, VIEWER_HEADER, writeViewer, type ServiceClient } from '@quanyu/calls';
import { GraphQLError, type ExecutionResult, type GraphQLFormattedError } from 'graphql';
import type { GatewayContext } from '../context.js';
import { refusal } from '../errors.js';
import { RemoteStream } from './remote-stream.js';
import type { SubgraphSource, SubgraphRequest } from './source.js';

interface WireResult { readonly data?: ExecutionResult['data']; readonly errors?: readonly GraphQLFormattedError[]; readonly extensions?: ExecutionResult['extensions'] }

/** How long a live field may take to open. */
const TIMEOUT_MS = 20_000;
const QUERY = /^\s*(?:query\b|\{)/;

/** Reaches a subgraph in other processes: one JSON body each way, over connections that are kept. */
export function remoteSource(name: string, client: ServiceClient): SubgraphSource {
  const headersOf = ({ viewer, requestId, language }: GatewayContext): Record<string, string> => ({
    'content-type': 'application/json', [VIEWER_HEADER]: writeViewer(viewer), [REQUEST_ID_HEADER]: requestId, [LANGUAGE_HEADER]: language,
  });
  const bodyOf = ({ query, operationName, variables, live }: SubgraphRequest): string => JSON.stringify({ query, operationName, variables, live });

  return {
    name,
    async execute(request, context, { deadline, signal }) {
      const { status, body } = await client.request(name, {
        path: GRAPH_PATH, body: bodyOf(request), headers: headersOf(context),
        // A mutation that may have arrived is the client's to repeat, under its key.
        repeatable: QUERY.test(request.query),
        timeoutMs: Math.max(1, deadline - Date.now()), signal,
      });
      if (status !== 200) throw new Error(`The graph door of ${name} answered ${status}`);
      return resultOf(JSON.parse(body.toString()) as WireResult);
    },
    async subscribe(request, context) {
      const open = (signal: AbortSignal) => client.open(name, {
        path: GRAPH_PATH, body: bodyOf(request), headers: { ...headersOf(context), accept: STREAM_TYPE }, repeatable: true, timeoutMs: TIMEOUT_MS, signal,
      });
      return RemoteStream.open(open, (wire) => resultOf(wire as WireResult)).catch(unavailable);
    },
  };
}

/** Says that a part is away, and of it nothing more: its name and address are the house's. */
function unavailable(error: unknown): never {
  if (!(error instanceof ServiceUnavailableError)) throw error;
  const { message, extensions } = refusal('DATA_UNAVAILABLE');
  throw new GraphQLError(message, { originalError: error, extensions });
}

const resultOf = ({ data, errors, extensions }: WireResult): ExecutionResult => ({
  ...(data !== undefined && { data }),
  ...(extensions !== undefined && { extensions }),
  ...(errors !== undefined && { errors: errors.map(({ message, path, extensions }) => new GraphQLError(message, { path, extensions })) }),
});
