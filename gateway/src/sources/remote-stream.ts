import type { Readable } from 'node:stream';
import { STREAM_TYPE, type StreamLine } from '@quanyu/calls';
import type { ExecutionResult } from 'graphql';

/** What a subgraph answered when it was asked for a live field. */
export interface OpenedStream { readonly status: number; readonly headers: Readonly<Record<string, string | string[] | undefined>>; readonly body: Readable }

const END = { done: true, value: undefined } as const;
const LONGEST_LINE = 8 * 1024 * 1024;

/**
 * A live field of a subgraph that runs elsewhere. Lines are read when somebody asks for the next result, so that a slow
 * client slows the subgraph down instead of filling our memory. A stream that is cut off throws: whoever reads knows how
 * far it came, and goes on with another process.
 */
export class RemoteStream implements AsyncIterableIterator<ExecutionResult> {
  readonly #lines: AsyncIterator<StreamLine>;
  #over = false;

  private constructor(private readonly leave: () => void, private readonly resultOf: (wire: unknown) => ExecutionResult, body: Readable) {
    this.#lines = linesOf(body);
  }

  /** Opens a stream; gives the one result that says why not where it is refused. */
  static async open(open: (signal: AbortSignal) => Promise<OpenedStream>, resultOf: (wire: unknown) => ExecutionResult): Promise<RemoteStream | ExecutionResult> {
    const leaving = new AbortController();
    const opened = await open(leaving.signal);
    if (opened.headers['content-type'] !== STREAM_TYPE) return resultOf(await whole(opened));
    return new RemoteStream(() => { leaving.abort(); opened.body.destroy(); }, resultOf, opened.body);
  }

  async next(): Promise<IteratorResult<ExecutionResult>> {
    if (this.#over) return END;
    try {
      const { value: line } = await this.#lines.next() as { value: StreamLine | undefined };
      if (this.#over || (line !== undefined && 'end' in line)) return await this.return();
      if (line !== undefined && 'next' in line) return { done: false, value: this.resultOf(line.next) };
    } catch (error) {
      if (this.#over) return END;
      await this.return();
      throw error;
    }
    await this.return();
    throw new Error('a live field was cut off');
  }

  return(): Promise<IteratorResult<ExecutionResult>> {
    this.#over = true;
    this.leave();
    return Promise.resolve(END);
  }

  [Symbol.asyncIterator](): this { return this; }
}

async function whole({ status, body }: OpenedStream): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of body as AsyncIterable<Buffer>) chunks.push(chunk);
  if (status !== 200) throw new Error(`A live field was answered ${status}`);
  return JSON.parse(Buffer.concat(chunks).toString()) as unknown;
}

/** The lines of a body, one as it is asked for; empty ones only say that somebody is there. */
async function* linesOf(body: Readable): AsyncGenerator<StreamLine, void> {
  let rest = '';
  body.setEncoding('utf8');
  for await (const chunk of body as AsyncIterable<string>) {
    rest += chunk;
    if (rest.length > LONGEST_LINE) throw new Error('A line is too long');
    for (let end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n')) {
      const line = rest.slice(0, end);
      rest = rest.slice(end + 1);
      if (line !== '') yield JSON.parse(line) as StreamLine;
    }
  }
}
