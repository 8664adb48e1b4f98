import { once } from 'node:events';
import type { ServerResponse } from 'node:http';

/** How a stream of JSON texts is framed. */
export interface Framing {
  readonly contentType: string;
  readonly open: string;
  /** `last`: nothing follows it. */
  frame(text: string, last: boolean): string;
  readonly close: string;
  /** Sent when nothing else is, so that nobody on the way gives the connection up. */
  readonly beat: string;
}

const PART = 'content-type: application/json; charset=utf-8\r\n\r\n';

/** Deferred parts (incremental delivery over HTTP, 2022-08-24). */
export const deferredParts: Framing = {
  contentType: 'multipart/mixed; boundary="-"; deferSpec=20220824',
  open: '\r\n---\r\n',
  frame: (text, last) => `${PART}${text}\r\n---${last ? '--' : ''}\r\n`,
  close: '',
  beat: '',
};

/** Subscriptions as multipart (Apollo's subscriptionSpec 1.0). */
export const subscriptionParts: Framing = {
  contentType: 'multipart/mixed; boundary="graphql"; subscriptionSpec=1.0',
  open: '\r\n--graphql\r\n',
  frame: (text) => `${PART}{"payload":${text}}\r\n--graphql\r\n`,
  close: `${PART}{}\r\n--graphql--\r\n`,
  beat: `${PART}{}\r\n--graphql\r\n`,
};

/** Server-sent events (graphql-sse, distinct connections). */
export const serverSentEvents: Framing = {
  contentType: 'text/event-stream; charset=utf-8',
  open: ':\n\n',
  frame: (text) => `event: next\ndata: ${text}\n\n`,
  close: 'event: complete\ndata:\n\n',
  beat: ':\n\n',
};

const BEAT_MILLISECONDS = 12_000;

/** Writes a stream to its end; a slow client holds it up, one that leaves ends it through `texts.return()`. */
export async function writeStream(
  response: ServerResponse, headers: Readonly<Record<string, string>>, framing: Framing, texts: AsyncIterableIterator<{ readonly text: string; readonly last: boolean }>,
): Promise<void> {
  response.writeHead(200, { ...headers, 'content-type': framing.contentType, 'x-accel-buffering': 'no' });
  response.write(framing.open);
  const beat = framing.beat === '' ? undefined : setInterval(() => {
    if (response.writableLength === 0) response.write(framing.beat);
  }, BEAT_MILLISECONDS);
  const leave = (): void => void texts.return?.();
  response.once('close', leave);
  try {
    for (;;) {
      const { done, value } = await texts.next();
      if (done === true || response.destroyed) break;
      if (!response.write(framing.frame(value.text, value.last)) && !response.destroyed) await Promise.race([once(response, 'drain'), once(response, 'close')]);
    }
  } finally {
    clearInterval(beat);
    response.off('close', leave);
    leave();
    if (!response.destroyed) response.end(framing.close);
  }
}
