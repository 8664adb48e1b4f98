import type { EventEnvelope } from '@quanyu/events';
import type { LiveFilter } from '@quanyu/outbox';
import type { GraphContext } from '../context.js';

/** What type-graphql hands to `subscribe`. */
export interface SubscribeInput<Args> { readonly args: Args; readonly context: GraphContext }

/**
 * Makes the `subscribe` of a live field from the filter that its arguments mean. Rights are checked when it opens;
 * the stream ends with its client.
 */
export const follow = <Args>(filterOf: (args: Args, context: GraphContext) => Omit<LiveFilter, 'tenantId'>) =>
  ({ args, context }: SubscribeInput<Args>): AsyncIterableIterator<EventEnvelope> =>
    context.deps.live.stream({ ...filterOf(args, context), tenantId: context.viewer.tenantId });
