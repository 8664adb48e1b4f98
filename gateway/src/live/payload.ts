import type { GraphQLFormattedError } from 'graphql';
import type { LiveMark } from '../sources/live-mark.js';

/** One answer of a stream, serialised once and shared by all who listen. */
export interface Payload {
  /** The execution result as JSON. */
  readonly json: string;
  /** Of a level: a later payload with this key makes this one needless. */
  readonly key: string | undefined;
  /** Whoever has this payload can come back after this place; none where the subgraph keeps no log. */
  readonly cursor: string | undefined;
}

/** Puts an answer into its text, of which `data` is one already; `extensions.live` tells the client its cursor, and whether this is the state it began with. */
export function payloadOf(data: string | undefined, errors: readonly GraphQLFormattedError[], mark: LiveMark | undefined): Payload {
  const parts = errors.length === 0 ? [] : [`"errors":${JSON.stringify(errors)}`];
  if (data !== undefined) parts.push(`"data":${data}`);
  if (mark !== undefined) parts.push(`"extensions":${JSON.stringify({ live: { cursor: mark.cursor, ...(mark.phase === 'current' && { current: true }) } })}`);
  return { json: `{${parts.join()}}`, key: mark?.key, cursor: mark?.cursor };
}

/** Tells a client that changes passed it by: it reads its list anew, or resumes after the cursor. */
export const laggedPayload = (missed: number | null, cursor: string | undefined): Payload => ({
  json: JSON.stringify({ data: null, extensions: { live: { ...(cursor !== undefined && { cursor }), lagged: { missed } } } }),
  key: undefined,
  cursor,
});

/** Compares two places of one log. */
export function isBefore(a: string, b: string): boolean {
  const [aXid = 0n, aId = 0n] = a.split('.').map(BigInt);
  const [bXid = 0n, bId = 0n] = b.split('.').map(BigInt);
  return aXid < bXid || (aXid === bXid && aId < bId);
}
