import { CALLS_PATH, type CallHandler, type ServiceTokens } from '@quanyu/calls';
import { newId } from '@quanyu/ids';
import { log, withContext } from '@quanyu/telemetry';
import { ZodError } from 'zod';
import { DoorError } from './errors.js';
import { sendJson, type Door } from './door-server.js';
import { readJson } from './read-body.js';

const LARGEST = 1024 * 1024;

/** `POST /calls/<name>`: the calls that a subgraph answers, each to the services that it names. */
export function callDoor(tokens: ServiceTokens, handlers: readonly CallHandler[]): Door {
  const byName = new Map(handlers.map((handler) => [handler.name, handler]));
  return {
    path: CALLS_PATH,
    async handle(request, response, name) {
      const caller = await tokens.callerOf(request.headers.authorization);
      const handler = byName.get(name);
      // The same answer for both: who may not ask is not told what there is.
      if (handler === undefined || !handler.callers.includes(caller)) throw new DoorError(403, 'CALLER_NOT_ALLOWED');
      if (request.method !== 'POST') throw new DoorError(405, 'METHOD_NOT_ALLOWED');
      const input = await readJson(request, LARGEST);
      const requestId = newId('req');
      const output = await withContext({ requestId }, () => handler.handle(input)).catch((error: unknown) => {
        if (error instanceof ZodError) throw new DoorError(400, 'INPUT_INVALID');
        const { code, safeMessage } = error as { code?: unknown; safeMessage?: unknown };
        log.warn('a call failed', { requestId, step: name.slice(0, 60), error });
        throw new DoorError(safeMessage === true ? 409 : 500, safeMessage === true && typeof code === 'string' ? code : 'INTERNAL_SERVER_ERROR');
      });
      sendJson(response, 200, { output: output ?? null });
    },
  };
}
