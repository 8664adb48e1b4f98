import type { Payload } from './payload.js';

const TEXT_FRAME = 0x81;

/** The head of an unmasked WebSocket text frame (RFC 6455, 5.2), as a string of bytes. */
export function frameHead(length: number): string {
  if (length < 126) return String.fromCharCode(TEXT_FRAME, length);
  if (length < 65_536) return String.fromCharCode(TEXT_FRAME, 126, length >>> 8, length & 255);
  const head = Buffer.alloc(10);
  head[0] = TEXT_FRAME;
  head[1] = 127;
  head.writeBigUInt64BE(BigInt(length), 2);
  return head.toString('latin1');
}

/** UTF-8 as a string of bytes: such strings join cheaply and are written without another encoding. */
export const bytesOf = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');

/** What comes before the payload in a client's `next` message; a string of bytes. */
export const nextPrefix = (id: string): string => bytesOf(`{"id":${JSON.stringify(id)},"type":"next","payload":`);

/**
 * The payloads of one tick. A frame is the client's own prefix between shared bytes, so all frames of the tick are one
 * join of shared pieces: head₁ prefix payload₁+head₂ prefix payload₂ … The pieces depend only on the prefix's length.
 */
export class Batch {
  readonly #pieces = new Map<number, readonly string[]>();
  #bytes: readonly string[] | undefined;

  constructor(readonly payloads: readonly Payload[]) {}

  /** All frames of the tick for one client, as a string of bytes. */
  frames(prefix: string): string {
    let pieces = this.#pieces.get(prefix.length);
    if (pieces === undefined) this.#pieces.set(prefix.length, (pieces = this.#cut(prefix.length)));
    return pieces.join(prefix);
  }

  #cut(prefixLength: number): string[] {
    this.#bytes ??= this.payloads.map(({ json }) => `${bytesOf(json)}}`);
    const heads = this.#bytes.map((bytes) => frameHead(prefixLength + bytes.length));
    // Each piece is made flat once: a rope would be walked again for every client.
    return [...heads, ''].map((head, i) => Buffer.from(`${this.#bytes?.[i - 1] ?? ''}${head}`, 'latin1').toString('latin1'));
  }
}
