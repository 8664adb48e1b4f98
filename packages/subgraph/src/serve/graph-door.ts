import type { IncomingMessage } from 'node:http';
import { GRAPH_PATH, LANGUAGE_HEADER, readViewer, REQUEST_ID_HEADER, STREAM_TYPE, VIEWER_HEADER, type ServiceTokens } from '@quanyu/calls';
import { withContext } from '@quanyu/telemetry';
import { z } from 'zod';
import type { RequestInfo } from '../context.js';
import type { RunningSubgraph } from '../open-subgraph.js';
import { sendJson, type Door } from './door-server.js';
import { DoorError } from './errors.js';
import { createGraphServer } from './graph-server.js';
import { LiveFields } from './live-fields.js';
import { readJson } from './read-body.js';

const LARGEST = 4 * 1024 * 1024;
const GATEWAY = 'gateway';

const operation = z.object({
  query: z.string(), operationName: z.string().nullish(), variables: z.record(z.string(), z.unknown()).nullish(),
  extensions: z.object({ live: z.object({ mode: z.enum(['follow', 'catch-up']), after: z.string().max(64).optional() }).optional() }).nullish(),
});

/**
 * `POST /graphql`, for the gateway alone: whose claims it forwards is believed only with its token. Each field and each
 * reference asks for its rights again, since the gateway is not the only thing that can be wrong.
 */
export async function graphDoor(tokens: ServiceTokens, subgraph: RunningSubgraph): Promise<Door & { endLive(): void }> {
  const graph = await createGraphServer(subgraph);
  const live = new LiveFields(subgraph);
  return {
    path: GRAPH_PATH,
    endLive: () => live.end(),
    async handle(request, response) {
      if ((await tokens.callerOf(request.headers.authorization)) !== GATEWAY) throw new DoorError(403, 'CALLER_NOT_ALLOWED');
      if (request.method !== 'POST') throw new DoorError(405, 'METHOD_NOT_ALLOWED');
      const info = infoOf(request);
      const parsed = operation.safeParse(await readJson(request, LARGEST));
      if (!parsed.success) throw new DoorError(400, 'OPERATION_INVALID');
      const asked = { query: parsed.data.query, operationName: parsed.data.operationName ?? undefined, variables: parsed.data.variables ?? undefined };
      const { requestId } = info;
      await withContext({ requestId, correlationId: requestId }, async () => {
        if (request.headers.accept === STREAM_TYPE) return live.serve(asked, { ...info, live: parsed.data.extensions?.live }, response);
        const context = subgraph.contextFor(info);
        const result = await graph.execute(asked, context);
        sendJson(response, 200, context.holdsMs === Infinity ? result : { ...result, extensions: { ...result.extensions, holdsMs: context.holdsMs } });
      });
    },
  };
}

function infoOf({ headers }: IncomingMessage): RequestInfo {
  const viewer = readViewer(one(headers[VIEWER_HEADER]));
  const requestId = one(headers[REQUEST_ID_HEADER]);
  if (viewer === null || requestId === undefined || !/^[\w-]{8,64}$/.test(requestId)) throw new DoorError(400, 'VIEWER_INVALID');
  return { viewer, requestId, language: headers[LANGUAGE_HEADER] === 'zh-CN' ? 'zh-CN' : 'en' };
}

const one = (value: string | string[] | undefined): string | undefined => (Array.isArray(value) ? value[0] : value);
