import { expressMiddleware } from '@as-integrations/express5';
import { log, withContext } from '@quanyu/telemetry';
import express, { type ErrorRequestHandler, type Express, type NextFunction, type Request, type Response } from 'express';
import type { GraphServer } from './apollo-server.js';
import type { Authenticator } from './authenticator.js';
import { requestIdOf, type GatewayContext } from './context.js';
import { refusal, statusOf, type RefusalCode } from './errors.js';
import { explorerRoutes, type ExplorerExample } from './explorer/routes.js';
import { languageOf } from './language.js';
import { tooLong } from './limits/rules.js';
import { presentError } from './present-error.js';

/** What the HTTP side needs of the gateway. */
export interface HttpOptions {
  readonly server: GraphServer;
  readonly authenticator: Authenticator;
  readonly introspection: boolean;
  /** null: no explorer. */
  readonly explorer: readonly ExplorerExample[] | null;
  readonly mount?: ((app: Express) => void) | undefined;
  readonly ready: () => Promise<boolean>;
}

const GRAPH = '/graphql';
const EXPLORER = '/explorer';
const LARGEST_BODY = 2 * 1024 * 1024;

const SECURITY_HEADERS = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
};

/** Builds the express application; `mount` adds routes ahead of every body parser, since webhooks are verified by raw bytes. */
export function createApp(options: HttpOptions): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use(greet);
  app.get('/healthz', (_request, response) => void response.json({ status: 'live' }));
  app.get('/readyz', (_request, response) => reportReadiness(options.ready, response));
  options.mount?.(app);
  if (options.explorer !== null) {
    app.use(explorerRoutes(EXPLORER, GRAPH, options.explorer));
    app.get('/', (_request, response) => response.redirect(302, EXPLORER));
  }
  const apollo = expressMiddleware(options.server.apollo, { context: async ({ res }) => res.locals['context'] as GatewayContext });
  app.use(
    GRAPH,
    (request, response, next) => authenticate(options.authenticator, request, response, next),
    express.json({ limit: LARGEST_BODY }),
    // The context is entered after the body was read: events of the socket would lose it.
    (request: Request, response: Response, next: NextFunction) => {
      const context = response.locals['context'] as GatewayContext;
      const { requestId } = context;
      const long = tooLong((request.body as { query?: unknown } | undefined)?.query);
      if (long !== undefined) return next(long);
      return withContext({ requestId, correlationId: requestId }, () => options.server.within(context, () => apollo(request, response, next)));
    },
  );
  app.use((_request, _response, next) => next(refusal('NOT_FOUND')));
  app.use(answerError(options.introspection));
  return app;
}

function greet(request: Request, response: Response, next: NextFunction): void {
  const requestId = requestIdOf(request.get('x-request-id'));
  response.locals['requestId'] = requestId;
  response.set({ ...SECURITY_HEADERS, 'x-request-id': requestId });
  next();
}

async function reportReadiness(ready: HttpOptions['ready'], response: Response): Promise<void> {
  const yes = await ready().catch((error: unknown) => {
    log.warn('the readiness check failed', { error });
    return false;
  });
  response.status(yes ? 200 : 503).json({ status: yes ? 'ready' : 'not ready' });
}

async function authenticate(authenticator: Authenticator, request: Request, response: Response, next: NextFunction): Promise<void> {
  const { viewer } = await authenticator.authenticate({ authorization: request.get('authorization'), apiKey: request.get('x-api-key') });
  const context: GatewayContext = {
    viewer, requestId: response.locals['requestId'] as string, language: languageOf(request.get('accept-language')),
  };
  response.locals['context'] = context;
  next();
}

// The type of an error of express' own body parser, and what it means.
const BODY_FAULTS: Readonly<Record<string, RefusalCode>> = {
  'entity.too.large': 'PAYLOAD_TOO_LARGE',
  'entity.parse.failed': 'BAD_REQUEST',
  'encoding.unsupported': 'UNSUPPORTED_MEDIA_TYPE',
  'charset.unsupported': 'UNSUPPORTED_MEDIA_TYPE',
  'request.size.invalid': 'BAD_REQUEST',
  'request.aborted': 'BAD_REQUEST',
};

const answerError = (introspection: boolean): ErrorRequestHandler => (thrown: unknown, request, response, next) => {
  if (response.headersSent) return next(thrown);
  const { type = '', status } = thrown as { type?: string; status?: number };
  const fault = BODY_FAULTS[type] ?? (status === 400 ? 'BAD_REQUEST' : undefined);
  const error = fault === undefined ? thrown : refusal(fault);
  const presented = presentError(error, {
    requestId: String(response.locals['requestId']), language: languageOf(request.get('accept-language')), introspection,
  });
  const code = presented.extensions?.['code'];
  if (code === 'UNAUTHENTICATED') response.set('www-authenticate', 'Bearer');
  response.status(statusOf(code)).json({ errors: [presented] });
};
