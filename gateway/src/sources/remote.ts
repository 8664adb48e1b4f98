import { GRAPH_PATH, LANGUAGE_HEADER, REQUEST_ID_HEADER, STREAM_TYPE, VIEWER_HEADER, writeViewer, type ServiceClient } from '@quanyu/calls';
import { GraphQLError, type ExecutionResult, type GraphQLFormattedError } from 'graphql';
import type { GatewayContext } from '../context.js';
import { remoteStream } from './remote-stream.js';
import type { SubgraphRequest, SubgraphSource } from './source.js';

/** Twice as long as a subgraph is silent at most. */
const SILENCE_MS = 20_000;
const QUERY = /^\s*(?:query\b|\{)/;

/** Reaches a subgraph in other processes: one JSON body each way, over connections that are kept. */
export function remoteSource(name: string, client: ServiceClient): SubgraphSource {
  return {
    name,
    async execute(request, context, { deadline, signal }) {
      const { status, body } = await client.request(name, {
        path: GRAPH_PATH, body: bodyOf(request), headers: headersOf(context), signal, timeoutMs: Math.max(1, deadline - Date.now()),
        // A mutation that may have arrived is the client's to repeat, under its key.
        repeatable: QUERY.test(request.query),
      });
      if (status !== 200) throw new Error(`The graph door of ${name} answered ${status}`);
      return resultOf(JSON.parse(body.toString()));
    },
    async subscribe(request, context) {
      const { status, headers, body } = await client.open(name, {
        path: GRAPH_PATH, body: bodyOf(request), headers: { ...headersOf(context), accept: STREAM_TYPE }, repeatable: true, timeoutMs: SILENCE_MS,
      });
      if (headers['content-type'] === STREAM_TYPE) return remoteStream(body, resultOf);
      const chunks: Buffer[] = [];
      for await (const chunk of body as AsyncIterable<Buffer>) chunks.push(chunk);
      if (status !== 200) throw new Error(`The graph door of ${name} answered ${status}`);
      return resultOf(JSON.parse(Buffer.concat(chunks).toString()));
    },
  };
}

const headersOf = ({ viewer, requestId, language }: GatewayContext): Record<string, string> => ({
  'content-type': 'application/json', [VIEWER_HEADER]: writeViewer(viewer), [REQUEST_ID_HEADER]: requestId, [LANGUAGE_HEADER]: language,
});

const bodyOf = ({ query, operationName, variables, live }: SubgraphRequest): string =>
  JSON.stringify({ query, operationName, variables, extensions: live === undefined ? undefined : { live } });

interface WireResult { readonly data?: ExecutionResult['data']; readonly errors?: readonly GraphQLFormattedError[]; readonly extensions?: ExecutionResult['extensions'] }

function resultOf(wire: unknown): ExecutionResult {
  const { data, errors, extensions } = wire as WireResult;
  return {
    ...(data !== undefined && { data }),
    ...(errors !== undefined && { errors: errors.map((error) => new GraphQLError(error.message, { path: error.path, extensions: error.extensions })) }),
    ...(extensions !== undefined && { extensions }),
  };
}
