// A file comes in blocks that end anywhere; it is kept in pieces that end with a line, so that each can be worked off alone.

export const PIECE_BYTES = 32 * 1024;
/** A line this long is no line of a table: the file is something else. */
const LONGEST_LINE_BYTES = 256 * 1024;
const NEWLINE = 10;

export interface Piece { readonly firstLine: number; readonly lines: number; readonly bytes: Uint8Array }

/** Cuts blocks into pieces. Holds no more than one piece and one line. Throws a RangeError for a line without end. */
export class FilePieces {
  #rest: Uint8Array[] = [];
  #restBytes = 0;
  #nextLine = 1;

  /** Takes a block; answers the pieces that are complete by it. */
  *take(block: Uint8Array): Generator<Piece> {
    // In steps: a block may be as large as the sender likes.
    for (let at = 0; at < block.length; at += PIECE_BYTES) {
      const part = block.subarray(at, at + PIECE_BYTES);
      const end = part.lastIndexOf(NEWLINE) + 1;
      if (this.#restBytes + part.length < PIECE_BYTES || end === 0) {
        this.#keep(part);
        if (this.#restBytes > LONGEST_LINE_BYTES) throw new RangeError('a line does not end');
        continue;
      }
      this.#keep(part.subarray(0, end));
      yield this.#cut();
      this.#keep(part.subarray(end));
    }
  }

  /** The last piece, when there is one: a file need not end with a line break. */
  *end(): Generator<Piece> {
    if (this.#restBytes > 0) yield this.#cut();
  }

  #keep(part: Uint8Array): void {
    if (part.length === 0) return;
    // A copy: the sender's buffer may be used again.
    this.#rest.push(part.slice());
    this.#restBytes += part.length;
  }

  #cut(): Piece {
    const bytes = new Uint8Array(this.#restBytes);
    let at = 0;
    for (const part of this.#rest) {
      bytes.set(part, at);
      at += part.length;
    }
    let lines = bytes.at(-1) === NEWLINE ? 0 : 1;
    for (const byte of bytes) if (byte === NEWLINE) lines += 1;
    const piece = { firstLine: this.#nextLine, lines, bytes };
    this.#rest = [];
    this.#restBytes = 0;
    this.#nextLine += lines;
    return piece;
  }
}
