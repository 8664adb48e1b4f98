import { killPoint } from '@quanyu/database';
import { isId, newId } from '@quanyu/ids';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { log, withContext } from '@quanyu/telemetry';
import type { Express, NextFunction, Request, Response } from 'express';
import type { Channel } from '../channels/channel.js';
import { CHANNELS, platformOf, slugOf, type Platform } from '../channels/channels.js';
import { WEBHOOK_ERRORS, type WebhookErrorCode } from '../errors.js';
import { connectionOfStore, WebhookConnections, type FoundConnection } from '../queries/webhook-connection.js';
import { DeliveryIntake } from './delivery-intake.js';
import { readRawBody } from './read-raw-body.js';
import { RefusalCounter } from './refusal-counter.js';

const MAX_BYTES = 4 * 1024 * 1024;
/** Of one webhook, while its connection is changed again and again. */
const MOST_TRIES = 5;
const RECEIVED: NonNullable<Channel['taken']> = { type: 'application/json; charset=utf-8', body: '{"received":true}' };

/** What all requests at the door share. */
interface Desk { readonly connections: WebhookConnections; readonly intake: DeliveryIntake; readonly refusals: RefusalCounter }

/** The outcome at the door: the connection that it was taken for, or why not; null when the sender has gone. */
type Taken = FoundConnection | WebhookErrorCode | null;

/** Mounts `POST /webhooks/<platform>/<connection>`: verify, store, answer; all else is a job's work. */
export function webhooks(app: Express, deps: SubgraphDeps): void {
  const desk: Desk = { connections: new WebhookConnections(deps), intake: new DeliveryIntake(deps), refusals: new RefusalCounter(deps.database) };
  const door = (find: (platform: Platform, id: string) => Promise<string | null> | string | null) => (request: Request, response: Response): Promise<void> => {
    const requestId = newId('req');
    return withContext({ requestId }, async () => {
      const { slug = '', id = '' } = request.params as Record<string, string | undefined>;
      const platform = platformOf(slug);
      const taken = await takeFor(desk, request, platform, async (known) => find(known, id));
      if (taken !== null && typeof taken === 'object') accept(response, CHANNELS[platform!], taken);
      else if (taken !== null) answer(request, response, requestId, taken);
    });
  };
  app.post('/webhooks/:slug/:id', door((_platform, id) => (isId('con', id) ? id : null)));
  // Documents of Shoplazza know a shop by its number.
  app.post('/webhook/:slug/:id', door((platform, id) => connectionOfStore(deps.database, platform, id)));
  // A path that cannot be decoded is thrown by the router, which would answer with a page and a stack.
  app.use(['/webhooks', '/webhook'], (_error: unknown, request: Request, response: Response, _next: NextFunction) => {
    answer(request, response, newId('req'), 'REQUEST_INVALID');
  });
}

async function takeFor(desk: Desk, request: Request, platform: Platform | undefined, find: (platform: Platform) => Promise<string | null>): Promise<Taken> {
  try {
    const connectionId = platform === undefined ? null : await find(platform);
    return platform === undefined || connectionId === null ? 'CHANNEL_NOT_FOUND' : await take(desk, request, platform, connectionId);
  } catch (error) {
    log.error('webhook not stored', { step: 'webhook', errorCode: 'UNAVAILABLE', error });
    return 'UNAVAILABLE';
  }
}

async function take(desk: Desk, request: Request, platform: Platform, connectionId: string): Promise<Taken> {
  const { connections } = desk;
  const found = connections.remembered(platform, connectionId) ?? await connections.find(platform, connectionId);
  if (found === null) return 'CHANNEL_NOT_FOUND';
  if ((request.headers['content-encoding'] ?? 'identity').toLowerCase() !== 'identity') return 'CONTENT_ENCODING_UNSUPPORTED';
  const body = await readRawBody(request, MAX_BYTES);
  if (body === 'TOO_LARGE') return 'BODY_TOO_LARGE';
  if (body === 'CUT_OFF') return null;

  let connection: FoundConnection | null = found;
  for (let tries = 0; connection !== null && tries < MOST_TRIES; tries += 1) {
    const taken = await takeBy(desk, request, body, { platform, connectionId, connection });
    if (taken !== 'CHANGED') return taken;
    // It may have been disabled meanwhile, or have another secret.
    connection = await connections.find(platform, connectionId);
  }
  return connection === null ? 'CHANNEL_NOT_FOUND' : 'UNAVAILABLE';
}

/** Takes a webhook by what its connection is, or was a moment ago: then only a yes that the database agrees to counts. */
async function takeBy({ intake, refusals }: Desk, request: Request, body: Buffer, { platform, connectionId, connection }: { platform: Platform; connectionId: string; connection: FoundConnection }): Promise<Taken | 'CHANGED'> {
  const { tenantId, print } = connection;
  const verdict = CHANNELS[platform].verify({ headers: request.headers, body, path: request.path, query: queryOf(request), at: new Date() }, connection);
  if (verdict.kind === 'refused') {
    if (connection.remembered) return 'CHANGED';
    log.warn('webhook refused', { tenantId, connectionId, channel: slugOf(platform), step: 'verify', errorCode: verdict.reason });
    await refusals.count({ tenantId, connectionId, reason: verdict.reason }).catch((error: unknown) => log.warn('refusal not counted', { tenantId, connectionId, error }));
    return 'SIGNATURE_INVALID';
  }
  return (await intake.take({ id: newId('dlv'), tenantId, connectionId, head: verdict.head, body, print })) ? connection : 'CHANGED';
}

/** Each parameter once: what comes twice is signed by nobody. */
const queryOf = (request: Request): Readonly<Record<string, string>> => Object.fromEntries(new URL(request.originalUrl, 'http://localhost').searchParams);

function accept(response: Response, { taken }: Channel, { account = null }: FoundConnection): void {
  killPoint('bridge.webhook:answering');
  const { type, body } = taken ?? RECEIVED;
  const text = typeof body === 'string' ? body : body(account, new Date());
  // As it stands: Express would work out an entity tag for each.
  response.writeHead(200, { 'content-type': type, 'content-length': Buffer.byteLength(text) }).end(text);
}

function answer(request: Request, response: Response, requestId: string, taken: WebhookErrorCode): void {
  killPoint('bridge.webhook:answering');
  const { status, ...messages } = WEBHOOK_ERRORS[taken];
  const language = request.acceptsLanguages('en', 'zh-CN', 'zh') || 'en';
  response.status(status).json({ error: { code: taken, message: messages[language === 'en' ? 'en' : 'zh-CN'], requestId } });
}
