import type { IncomingMessage } from 'node:http';
import { DoorError } from './errors.js';

/** Reads a JSON body of at most `largest` bytes. */
export async function readJson(request: IncomingMessage, largest: number): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > largest) throw new DoorError(413, 'BODY_TOO_LARGE');
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString()) as unknown;
  } catch {
    throw new DoorError(400, 'BODY_NOT_JSON');
  }
}
