import { expressRoute, log } from '@quanyu/telemetry';
import express, { type ErrorRequestHandler, type Express, type NextFunction, type Request, type Response } from 'express';
import { requestIdOf } from '../context.js';
import { refusal, statusOf, type RefusalCode } from '../errors.js';
import { explorerRoutes, type ExplorerExample } from '../explorer/routes.js';
import { languageOf } from '../language.js';
import { presentError } from '../present-error.js';
import { watchHttp } from '../watch-http.js';
import { SECURITY_HEADERS } from './graph-route.js';

/** What the routes beside the graph need. */
export interface AppOptions {
  /** Where the graph is, for the explorer. */
  readonly graph: string;
  readonly introspection: boolean;
  /** null: no explorer. */
  readonly explorer: readonly ExplorerExample[] | null;
  readonly mount?: ((app: Express) => void) | undefined;
  readonly ready: () => Promise<boolean>;
}

const EXPLORER = '/explorer';

/** Builds the express application of everything but the graph; `mount` adds routes ahead of every body parser, since webhooks are verified by raw bytes. */
export function createApp(options: AppOptions): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use(greet);
  app.get('/healthz', (_request, response) => void response.json({ status: 'live' }));
  app.get('/readyz', (_request, response) => reportReadiness(options.ready, response));
  app.use((request, response, next) => watchHttp(request, response, () => routeOf(request, response), next));
  options.mount?.(app);
  if (options.explorer !== null) {
    app.use(explorerRoutes(EXPLORER, options.graph, options.explorer));
    app.get('/', (_request, response) => response.redirect(302, EXPLORER));
  }
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

/** The path as the code writes it: of what is handed on as a whole, or of the route that express has matched. */
const routeOf = (request: Request, { locals }: Response): string => (locals['route'] as string | undefined) ?? expressRoute(request) ?? 'other';

async function reportReadiness(ready: AppOptions['ready'], response: Response): Promise<void> {
  const yes = await ready().catch((error: unknown) => {
    log.warn('the readiness check failed', { error });
    return false;
  });
  response.status(yes ? 200 : 503).json({ status: yes ? 'ready' : 'not ready' });
}

// The type of an error of a body parser that a mounted route uses, and what it means.
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
  const presented = presentError(fault === undefined ? thrown : refusal(fault), {
    requestId: String(response.locals['requestId']), language: languageOf(request.get('accept-language')), introspection,
  });
  response.status(statusOf(presented.extensions?.['code'])).json({ errors: [presented] });
};
