import type { ServiceTokens } from '@quanyu/calls';
import type { EventEnvelope } from '@quanyu/events';
import type { Consumer } from '@quanyu/outbox';
import { z } from 'zod';
import { DoorError } from './errors.js';
import { sendJson, type Door } from './door-server.js';
import { readJson } from './read-body.js';

/** Where a subgraph takes in events: GET tells which, POST hands a batch in. */
export const EVENTS_PATH = '/events';
/** What a relay may hand in at once. */
export const LARGEST_BATCH = 16 * 1024 * 1024;

const word = z.string().min(1).max(255);
const batch = z.object({
  events: z.array(z.object({
    id: word, type: word, source: word, subject: z.string().max(1024), time: word, tenantId: word,
    correlationId: z.string().max(255).nullable(), causationId: z.string().max(255).nullable(), traceparent: z.string().max(255).nullish(), sequence: z.int(), data: z.unknown(),
  })).min(1).max(1_000),
});

/**
 * The door for events of other subgraphs. Each may hand in only what it tells itself: a service that has been taken over
 * cannot invent the facts of another. Answered after inbox and effects are committed, with a verdict for each event.
 */
export const eventDoor = (tokens: ServiceTokens, consumer: Consumer & { readonly types: readonly string[] }): Door => ({
  path: EVENTS_PATH,
  async handle(request, response) {
    const caller = await tokens.callerOf(request.headers.authorization);
    if (request.method === 'GET') return sendJson(response, 200, { name: consumer.name, types: consumer.types });
    if (request.method !== 'POST') throw new DoorError(405, 'METHOD_NOT_ALLOWED');
    if (!consumer.types.some((type) => type.startsWith(`${caller}.`))) throw new DoorError(403, 'CALLER_NOT_ALLOWED');
    const parsed = batch.safeParse(await readJson(request, LARGEST_BATCH));
    if (!parsed.success) throw new DoorError(400, 'EVENTS_INVALID');
    const events = parsed.data.events as EventEnvelope[];
    if (events.some(({ source, type }) => source !== caller || !type.startsWith(`${caller}.`))) throw new DoorError(403, 'NOT_YOUR_EVENTS');
    sendJson(response, 200, { verdicts: await consumer.accept(events) });
  },
});
