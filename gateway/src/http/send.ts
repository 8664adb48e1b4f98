import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

/** Below this, compressing costs more than it saves. */
const SMALLEST_COMPRESSED = 4 * 1024;
/** Higher levels take several times the time for a few per cent. */
const GZIP_LEVEL = 2;
const BROTLI_QUALITY = 3;

const compressGzip = promisify(gzip);
const compressBrotli = promisify(brotliCompress);

/** Sends a text, compressed where it pays and the client takes it. */
export async function sendText(request: IncomingMessage, response: ServerResponse, status: number, headers: Readonly<Record<string, string>>, text: string): Promise<void> {
  if (text.length < SMALLEST_COMPRESSED && request.method !== 'HEAD') {
    // As a text it leaves in one piece with its headers.
    response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(text) });
    return void response.end(text);
  }
  const body = Buffer.from(text);
  const encoding = body.length < SMALLEST_COMPRESSED ? undefined : encodingOf(request.headers['accept-encoding']);
  const sent = encoding === undefined ? body
    : encoding === 'br' ? await compressBrotli(body, { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY, [constants.BROTLI_PARAM_SIZE_HINT]: body.length } })
      : await compressGzip(body, { level: GZIP_LEVEL });
  if (response.destroyed) return;
  response.writeHead(status, { ...headers, ...(encoding === undefined ? {} : { 'content-encoding': encoding }), 'content-length': sent.length });
  response.end(request.method === 'HEAD' ? undefined : sent);
}

function encodingOf(header: string | string[] | undefined): 'br' | 'gzip' | undefined {
  const accepted = String(header ?? '').toLowerCase().split(',').map((part) => part.trim()).filter((part) => !/;\s*q\s*=\s*0(\.0*)?$/.test(part)).map((part) => part.split(';')[0]);
  return accepted.includes('br') ? 'br' : accepted.includes('gzip') ? 'gzip' : undefined;
}
