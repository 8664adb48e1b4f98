import { CALLS_PATH, ServiceTokenError, type CallHandler, type ServiceTokens } from '@quanyu/calls';
import { log } from '@quanyu/telemetry';
import type { Express, Request, Response } from 'express';
import { GraphQLError } from 'graphql';
import { ZodError } from 'zod';
import { readJson } from './read-body.js';

/** `POST /calls/<name>`: what the gateway does for services, each for those that it names. Without a service's token nobody learns what there is. */
export function mountCalls(app: Express, tokens: ServiceTokens, handlers: () => readonly CallHandler[]): void {
  app.post(`${CALLS_PATH}:name`, (request, response) => void respond(request, response));

  async function respond(request: Request<{ name: string }>, response: Response): Promise<void> {
    response.locals['route'] = CALLS_PATH;
    const refuse = (status: number, code: string): void => { response.status(status).json({ error: { code } }); };
    try {
      const caller = await tokens.callerOf(request.headers.authorization);
      const handler = handlers().find(({ name }) => name === request.params.name);
      if (handler === undefined || !handler.callers.includes(caller)) return refuse(403, 'CALLER_NOT_ALLOWED');
      response.json({ output: await handler.handle(await readJson(request)) });
    } catch (error) {
      if (error instanceof ServiceTokenError) return refuse(401, error.code);
      if (error instanceof ZodError) return refuse(400, 'INPUT_INVALID');
      if (error instanceof GraphQLError) return refuse(400, 'BAD_REQUEST');
      log.warn('a call failed', { step: request.params.name.slice(0, 60), error });
      refuse(500, 'INTERNAL_SERVER_ERROR');
    }
  }
}
