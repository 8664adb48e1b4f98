import type { IncomingMessage } from 'node:http';
import { DoorError } from './errors.js';

/** Reads a JSON body of at most `largest` bytes. */
export async function readJson(request: IncomingMessage, largest: number): Promise<unknown> {
  const body = await readBody(request, largest);
  try {
    return JSON.parse(body.toString()) as unknown;
  } catch {
    throw new DoorError(400, 'BODY_NOT_JSON');
  }
}

/** By events: who breaks off a loop over a request destroys its connection, and the answer with it. */
const readBody = (request: IncomingMessage, largest: number): Promise<Buffer> => new Promise((resolve, reject) => {
  const chunks: Buffer[] = [];
  let size = 0;
  request.on('data', (chunk: Buffer) => {
    size += chunk.length;
    // The rest is read and forgotten, so that the caller comes to read the answer.
    if (size <= largest) chunks.push(chunk);
    else reject(new DoorError(413, 'BODY_TOO_LARGE'));
  });
  request.once('end', () => resolve(Buffer.concat(chunks)));
  request.once('close', () => reject(new DoorError(400, 'BODY_CUT_OFF')));
});
