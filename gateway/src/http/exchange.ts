import type { ExecutionResult } from 'graphql';
import type { AnswerCache, Kept } from '../cache/answer-cache.js';
import type { GatewayContext } from '../context.js';
import type { Part } from '../execute/answer.js';
import type { Charge } from '../limits/gate.js';
import type { Operation } from '../plan/operation.js';
import type { Supergraph } from '../supergraph.js';
import type { Waiting } from '../execute/waiting.js';
import type { Acceptance } from './accept.js';

/** One request on its way through the server: what the client takes, and what comes besides the single answer. */
export interface Exchange {
  readonly accepts: Acceptance;
  readonly waiting: Waiting;
  /** The request was one of GraphQL; what is wrong with it, if anything, is its document or its variables. */
  wellFormed?: boolean;
  later?: AsyncIterableIterator<readonly Part[]> & { readonly more: boolean };
  /** Asked when the operation is known; a refusal of the whole request is thrown, and answered with its status. */
  readonly charge?: (supergraph: Supergraph, operation: Operation) => Promise<Charge | undefined>;
  refused?: unknown;
  readonly cache?: AnswerCache | undefined;
  /** The answer is kept here, and may be by the client. */
  kept?: Pick<Kept, 'seconds' | 'ageSeconds'>;
  /** Opens a subscription, whose texts then become the answer. */
  readonly subscribe: (supergraph: Supergraph, operation: Operation, after: string | undefined) => Promise<AsyncIterableIterator<string> | ExecutionResult>;
  events?: AsyncIterableIterator<string>;
}

/** What the server is given for a request over HTTP. */
export interface HttpContext extends GatewayContext { readonly exchange: Exchange }

/** Data that is JSON text already; the server's own stringifier would make it a second time. */
export class JsonText {
  constructor(readonly text: string) {}
}

/** Writes a result of the server; `errors` first, so that nobody overlooks them. */
export function stringifyResult({ errors, data, extensions }: { readonly errors?: unknown; readonly data?: unknown; readonly extensions?: unknown }): string {
  const parts: string[] = [];
  if (errors !== undefined) parts.push(`"errors":${JSON.stringify(errors)}`);
  if (data !== undefined) parts.push(`"data":${data instanceof JsonText ? data.text : JSON.stringify(data)}`);
  if (extensions !== undefined) parts.push(`"extensions":${JSON.stringify(extensions)}`);
  return `{${parts.join()}}`;
}
