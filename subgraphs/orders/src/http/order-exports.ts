import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { isId, newId } from '@quanyu/ids';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { log, withContext } from '@quanyu/telemetry';
import type { Express, NextFunction, Request, Response } from 'express';
import { exportOfLink, exportParts } from '../queries/order-exports.js';

/** Mounts `GET /order-exports/<export>/orders.csv`, opened by a sealed link. */
export function orderExports(app: Express, { database, vault }: SubgraphDeps): void {
  app.get('/order-exports/:exportId/orders.csv', (request, response) => withContext({ requestId: newId('req') }, async () => {
    const { params: { exportId }, query: { link } } = request;
    const tenantId = isId('oex', exportId) && typeof link === 'string' ? await exportOfLink(database, vault, exportId, link, new Date()) : null;
    if (tenantId === null) return notFound(response);
    response.type('text/csv').attachment(`orders-${exportId}.csv`).set('cache-control', 'no-store');
    // Who goes away in the middle leaves nothing behind.
    await pipeline(Readable.from(exportParts(database, tenantId, exportId!)), response).catch((error: unknown) => log.warn('an export was cut off', { error }));
  }));
  // A path that cannot be decoded is thrown by the router, which would answer with a page and a stack.
  app.use('/order-exports', (_error: unknown, _request: Request, response: Response, _next: NextFunction) => { notFound(response); });
}

const notFound = (response: Response): void => { response.status(404).json({ error: { code: 'EXPORT_NOT_FOUND', message: 'There is no such file, or this link is over.' } }); };
