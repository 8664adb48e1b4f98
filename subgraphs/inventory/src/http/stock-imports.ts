import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { isId, newId } from '@quanyu/ids';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { log, withContext } from '@quanyu/telemetry';
import type { Express, NextFunction, Request, Response } from 'express';
import { MOST_FILE_BYTES, receiveStockFile, type Received } from '../commands/counts/receive-stock-file.js';
import { FILE_ERRORS } from '../errors-of-stock-room.js';
import { importOfLink, refusedRowsCsv, type LinkPurpose } from '../queries/stock-imports.js';

type FileErrorCode = keyof typeof FILE_ERRORS;

/** Mounts `PUT /stock-imports/<import>/file` and `GET /stock-imports/<import>/refused.csv`, both opened by a sealed link. */
export function stockImports(app: Express, deps: SubgraphDeps): void {
  app.put('/stock-imports/:importId/file', (request, response) => withContext({ requestId: newId('req') }, async () => {
    const received = await take(deps, request).catch((error: unknown) => {
      log.error('a file of stock could not be stored', { step: 'receive', errorCode: 'UNAVAILABLE', error });
      return { kind: 'refused', code: 'UNAVAILABLE' } as const;
    });
    if (received === null) return;
    if (received.kind === 'received') response.status(202).json({ received: true, lines: received.lines });
    else refuse(request, response, received.code);
  }));
  app.get('/stock-imports/:importId/refused.csv', (request, response) => withContext({ requestId: newId('req') }, async () => {
    const link = await opened(deps, request, 'refused');
    if (link === null) return refuse(request, response, 'IMPORT_NOT_FOUND');
    response.type('text/csv').attachment(`refused-${link.importId}.csv`);
    // Who goes away in the middle leaves nothing behind.
    await pipeline(Readable.from(refusedRowsCsv(deps.database, link.tenantId, link.importId)), response).catch((error: unknown) => log.warn('a file of refused rows was cut off', { error }));
  }));
  // A path that cannot be decoded is thrown by the router, which would answer with a page and a stack.
  app.use('/stock-imports', (_error: unknown, request: Request, response: Response, _next: NextFunction) => { refuse(request, response, 'IMPORT_NOT_FOUND'); });
}

/** null when the sender has gone. */
async function take(deps: SubgraphDeps, request: Request): Promise<Received | { readonly kind: 'refused'; readonly code: FileErrorCode } | null> {
  const link = await opened(deps, request, 'upload');
  if (link === null) return { kind: 'refused', code: 'IMPORT_NOT_FOUND' };
  if ((request.headers['content-encoding'] ?? 'identity').toLowerCase() !== 'identity') return { kind: 'refused', code: 'CONTENT_ENCODING_UNSUPPORTED' };
  if (Number(request.headers['content-length'] ?? 0) > MOST_FILE_BYTES) return { kind: 'refused', code: 'FILE_TOO_LARGE' };
  try {
    return await receiveStockFile(deps, link, request as AsyncIterable<Uint8Array>);
  } catch (error) {
    if (!request.complete) return null;
    throw error;
  }
}

async function opened({ database, vault }: SubgraphDeps, request: Request, purpose: LinkPurpose): Promise<{ tenantId: string; importId: string } | null> {
  const { importId } = request.params;
  const { link } = request.query;
  if (!isId('imp', importId) || typeof link !== 'string') return null;
  const tenantId = await importOfLink(database, vault, importId, purpose, link, new Date());
  return tenantId === null ? null : { tenantId, importId };
}

function refuse(request: Request, response: Response, code: FileErrorCode): void {
  const { status, ...messages } = FILE_ERRORS[code];
  const language = request.acceptsLanguages('en', 'zh-CN', 'zh') || 'en';
  // What still comes of a file is not read.
  response.status(status).set('connection', 'close').json({ error: { code, message: messages[language === 'en' ? 'en' : 'zh-CN'] } });
}
