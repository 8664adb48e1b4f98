import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { STREAM_TYPE, type StreamLine } from '@quanyu/calls';
import { createSourceEventStream, execute, GraphQLError, parse, validate, type DocumentNode, type ExecutionArgs, type ExecutionResult } from 'graphql';
import type { RequestInfo } from '../context.js';
import type { LiveMark } from '../graphql/live-mark.js';
import type { RunningSubgraph } from '../open-subgraph.js';
import { sendJson } from './door-server.js';
import type { GraphRequest } from './graph-server.js';
import { wireError } from './wire-error.js';

/** So that a dead connection is noticed, and one that lives is not taken for dead. */
const HEARTBEAT_MS = 10_000;

/**
 * Live fields over HTTP: one answer a subscription, one line a result. A reader that is slow slows the lines down; the
 * log's own view, which is bounded, ends the stream when it falls too far behind.
 */
export class LiveFields {
  readonly #open = new Set<() => void>();

  constructor(private readonly subgraph: RunningSubgraph) {}

  /** Ends all streams, with the word to come back. */
  end(): void {
    for (const sendAway of [...this.#open]) sendAway();
  }

  async serve(request: GraphRequest, info: RequestInfo, response: ServerResponse): Promise<void> {
    const { schema, contextFor } = this.subgraph;
    const document = this.#prepared(request.query);
    if (!('kind' in document)) return sendJson(response, 200, { errors: document.map((error) => wireError(error, this.subgraph.definition.name)) });
    const args = { schema, document, operationName: request.operationName, variableValues: request.variables };
    const source = await createSourceEventStream({ ...args, contextValue: contextFor(info) });
    if (!(Symbol.asyncIterator in source)) return sendJson(response, 200, this.#wired(source));

    response.writeHead(200, { 'content-type': STREAM_TYPE, 'cache-control': 'no-store' });
    response.flushHeaders();
    await this.#follow(source[Symbol.asyncIterator](), response, async (event) => {
      const mark = (event as { readonly live?: LiveMark } | null)?.live;
      const extensions = mark === undefined ? {} : { extensions: { live: mark } };
      if (mark !== undefined && mark.phase !== 'current' && mark.phase !== 'change') return extensions;
      // Loaders remember rows, so each event gets a context of its own.
      return { ...this.#wired(await execute({ ...args, rootValue: event, contextValue: contextFor(info) } as ExecutionArgs)), ...extensions };
    });
  }

  async #follow(events: AsyncIterator<unknown>, response: ServerResponse, resultOf: (event: unknown) => Promise<object>): Promise<void> {
    let last: StreamLine = { end: true };
    const leave = (): void => { void events.return?.(); };
    const sendAway = (): void => { last = { again: true }; leave(); };
    this.#open.add(sendAway);
    response.once('close', leave);
    const heart = setInterval(() => response.write('\n'), HEARTBEAT_MS);
    try {
      for (let event = await events.next(); event.done !== true; event = await events.next()) {
        if (!(await write(response, { next: await resultOf(event.value) }))) break;
      }
      response.end(lineOf(last));
    } finally {
      clearInterval(heart);
      this.#open.delete(sendAway);
      leave();
    }
  }

  #wired({ data, errors }: ExecutionResult): object {
    return { ...(data !== undefined && { data }), ...(errors !== undefined && { errors: errors.map((error) => wireError(error, this.subgraph.definition.name)) }) };
  }

  #prepared(query: string): DocumentNode | readonly GraphQLError[] {
    try {
      const document = parse(query);
      const errors = validate(this.subgraph.schema, document);
      return errors.length === 0 ? document : errors;
    } catch (error) {
      return [error as GraphQLError];
    }
  }
}

const lineOf = (line: StreamLine): string => `${JSON.stringify(line)}\n`;

/** Writes a line and waits until there is room for the next; false when the reader has gone. */
async function write(response: ServerResponse, line: StreamLine): Promise<boolean> {
  if (response.destroyed) return false;
  if (!response.write(lineOf(line))) await Promise.race([once(response, 'drain'), once(response, 'close')]).catch(() => undefined);
  return !response.destroyed;
}
