import type { EntityManager } from '@mikro-orm/postgresql';
import type { EventDefinition, EventEnvelope, EventOf } from '@quanyu/events';
import type { z } from 'zod';

/** What an event handler works with. `em` is the transaction that also holds the inbox row: never open another. */
export interface ConsumeContext<Deps = unknown> {
  readonly em: EntityManager;
  readonly tenantId: string;
  readonly deps: Deps;
}

/** One row of a subgraph's consumer table. */
export interface Subscription<Deps = never> {
  readonly type: string;
  readonly schema: z.ZodType;
  handle(ctx: ConsumeContext<Deps>, event: EventEnvelope): Promise<void>;
}

/**
 * Binds a handler to an event. A handler throws only for broken machines: what it throws is tried again and in the
 * end parked.
 */
export function on<Type extends string, Schema extends z.ZodType, Deps = unknown>(
  definition: EventDefinition<Type, Schema>,
  handler: (ctx: ConsumeContext<Deps>, event: EventOf<EventDefinition<Type, Schema>>) => Promise<void>,
): Subscription<Deps> {
  return {
    type: definition.type,
    schema: definition.schema,
    handle: (ctx, event) => handler(ctx, event as EventOf<EventDefinition<Type, Schema>>),
  };
}
