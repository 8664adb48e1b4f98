import type { IncomingMessage } from 'node:http';

/** How far past the limit a sender may go on before the line is cut: so long it can still read our answer. */
const PATIENCE = 16;

/**
 * Reads a body as the bytes that came, with or without a content-length. Too large a one is told as soon as it shows,
 * and what still comes of it is thrown away.
 */
export function readRawBody(request: IncomingMessage, limit: number): Promise<Buffer | 'TOO_LARGE' | 'CUT_OFF'> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= limit) {
        chunks.push(chunk);
        return;
      }
      chunks.length = 0;
      resolve('TOO_LARGE');
      if (bytes > limit * PATIENCE) request.destroy();
    });
    request.once('end', () => resolve(Buffer.concat(chunks)));
    request.once('error', () => resolve('CUT_OFF'));
    request.once('close', () => resolve('CUT_OFF'));
    if (Number(request.headers['content-length'] ?? 0) > limit) resolve('TOO_LARGE');
  });
}
