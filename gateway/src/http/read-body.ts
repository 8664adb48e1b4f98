import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import { refusal } from '../errors.js';

/** Also the most that a compressed body may hold once it is inflated. */
const LARGEST_BODY = 2 * 1024 * 1024;

const INFLATE: Readonly<Record<string, (body: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>>> = {
  gzip: promisify(gunzip), 'x-gzip': promisify(gunzip), deflate: promisify(inflate), br: promisify(brotliDecompress),
};

/** Reads a JSON body, undefined when it is said to be something else; throws PAYLOAD_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE or BAD_REQUEST. */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const { 'content-type': type = '', 'content-encoding': encoding = 'identity' } = request.headers;
  if (!/^application\/(?:[\w.-]+\+)?json(?:\s*;|$)/i.test(type)) {
    request.resume();
    return undefined;
  }
  const inflateBody = INFLATE[encoding.toLowerCase()];
  if (encoding.toLowerCase() !== 'identity' && inflateBody === undefined) throw refusal('UNSUPPORTED_MEDIA_TYPE');
  const charset = /;\s*charset\s*=\s*"?([^";\s]+)/i.exec(type)?.[1]?.toLowerCase();
  if (charset !== undefined && charset !== 'utf-8' && charset !== 'utf8') throw refusal('UNSUPPORTED_MEDIA_TYPE');
  if (Number(request.headers['content-length'] ?? 0) > LARGEST_BODY) throw refusal('PAYLOAD_TOO_LARGE');
  const raw = await bytesOf(request);
  const body = inflateBody === undefined ? raw : await inflateBody(raw, { maxOutputLength: LARGEST_BODY }).catch((error: NodeJS.ErrnoException) => {
    throw refusal(error.code === 'ERR_BUFFER_TOO_LARGE' ? 'PAYLOAD_TOO_LARGE' : 'BAD_REQUEST');
  });
  if (!isUtf8(body)) throw refusal('BAD_REQUEST');
  try {
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch {
    throw refusal('BAD_REQUEST');
  }
}

function bytesOf(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > LARGEST_BODY) {
        // The rest is read and dropped: a client that is still sending would not see the answer.
        request.removeAllListeners('data');
        request.resume();
        return reject(refusal('PAYLOAD_TOO_LARGE'));
      }
      chunks.push(chunk);
    });
    request.once('end', () => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, length)));
    request.once('error', () => reject(refusal('BAD_REQUEST')));
    request.once('close', () => { if (!request.complete) reject(refusal('BAD_REQUEST')); });
  });
}
