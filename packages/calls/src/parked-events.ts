import { z } from 'zod';
import { defineCall, type CallDefinition } from './define-call.js';

const parkedEvent = z.object({
  eventId: z.string(),
  type: z.string(),
  source: z.string(),
  /** Ids of ours in full, of all else the last four characters. */
  subject: z.string(),
  attempts: z.int(),
  reason: z.string(),
  state: z.enum(['RETRYING', 'PARKED']),
  parkedAt: z.iso.datetime(),
});

const listInput = z.object({ tenantId: z.string(), limit: z.int().min(1).max(250).default(250) });
const listOutput = z.object({ events: z.array(parkedEvent), total: z.int() });

/** Events that a subgraph has not taken in: failed ones before those behind them, each oldest first. Every subgraph answers it. */
export const parkedEventsOf = <const Owner extends string>(subgraph: Owner): CallDefinition<`${Owner}.list-parked-events`, typeof listInput, typeof listOutput> =>
  defineCall(`${subgraph}.list-parked-events`, { callers: ['bridge'], input: listInput, output: listOutput });

const replayInput = z.object({ tenantId: z.string(), eventId: z.string() });
/** `waiting`: the event asked for, when it has failed again; null when it does not wait (any more). */
const replayOutput = z.object({ replayed: z.int(), waiting: parkedEvent.nullable() });

/**
 * Has a subgraph try the subject of a parked event once more, from its oldest event on. Safe to repeat: each event is
 * taken in once. Every subgraph answers it.
 */
export const replayParkedEventIn = <const Owner extends string>(subgraph: Owner): CallDefinition<`${Owner}.replay-parked-event`, typeof replayInput, typeof replayOutput> =>
  defineCall(`${subgraph}.replay-parked-event`, { callers: ['bridge'], input: replayInput, output: replayOutput });
