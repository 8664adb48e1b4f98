import type { Readable } from 'node:stream';
import type { StreamLine } from '@quanyu/calls';
import type { ExecutionResult } from 'graphql';

const END = { done: true, value: undefined } as const;
const LONGEST_LINE = 8 * 1024 * 1024;

/**
 * The results of a live field that runs elsewhere. Lines are read when somebody asks for the next result, so that who
 * is slow slows the subgraph down instead of filling our memory. Ends where the subgraph sends us away, and throws
 * where it is cut off: whoever follows opens another one at the last cursor.
 */
export function remoteStream(body: Readable, resultOf: (wire: unknown) => ExecutionResult): AsyncIterableIterator<ExecutionResult> {
  const lines = linesOf(body);
  let over = false;
  return {
    [Symbol.asyncIterator]() { return this; },
    async next() {
      if (over) return END;
      try {
        const { done, value } = await lines.next();
        if (!over && done === true) throw new Error('A live field was cut off');
        if (!over && value !== undefined && 'next' in value) return { done: false, value: resultOf(value.next) };
      } catch (error) {
        // Whoever has left wants to hear of no error either.
        if (!over) throw error;
      }
      over = true;
      return END;
    },
    return() {
      over = true;
      body.destroy();
      return Promise.resolve(END);
    },
  };
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
