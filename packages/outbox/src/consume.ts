import type { EntityManager } from '@mikro-orm/postgresql';
import type { EventDefinition, EventEnvelope, EventOf } from '@quanyu/events';
import type { z } from 'zod';

/** What an event handler works with. `em` is the transaction that also holds the inbox row: never open another. */
export interface ConsumeContext<Deps = unknown> {
  readonly em: EntityManager;
  readonly tenantId: string;
  readonly deps: Deps;
}

/** What a handler of several events works with. */
export interface TogetherContext<Deps = unknown> extends ConsumeContext<Deps> {
  /** Runs `work` as the effect of one of them: what it records is told as caused by that event, in its trace. */
  because<T>(event: Pick<EventEnvelope, 'id'>, work: () => T): T;
}

/** One row of a subgraph's consumer table. */
export interface Subscription<Deps = never> {
  readonly type: string;
  readonly schema: z.ZodType;
  /** Whether events of several subjects may be handled in one call; else each comes alone, in its own context. */
  readonly together: boolean;
  handle(ctx: TogetherContext<Deps>, events: readonly EventEnvelope[]): Promise<void>;
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
    type: definition.type, schema: definition.schema, together: false,
    handle: async (ctx, events) => {
      for (const event of events) await ctx.because(event, () => handler(ctx, event as EventOf<EventDefinition<Type, Schema>>));
    },
  };
}

/**
 * Binds a handler that takes several events at once: as many as came together, of one tenant, each of another subject,
 * so that a batch costs few statements. When it throws, they come once more one by one.
 */
export function onTogether<Type extends string, Schema extends z.ZodType, Deps = unknown>(
  definition: EventDefinition<Type, Schema>,
  handler: (ctx: TogetherContext<Deps>, events: readonly EventOf<EventDefinition<Type, Schema>>[]) => Promise<void>,
): Subscription<Deps> {
  return {
    type: definition.type, schema: definition.schema, together: true,
    handle: (ctx, events) => handler(ctx, events as readonly EventOf<EventDefinition<Type, Schema>>[]),
  };
}
