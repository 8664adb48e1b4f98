import type { GraphContext } from '@quanyu/subgraph';
import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { entriesByOrder } from '../queries/journal-entries.js';
import { JournalEntryType, OrderStub } from './journal-entry.type.js';

@Resolver(() => OrderStub)
export class OrderEntriesResolver {
  @FieldResolver(() => [JournalEntryType], { description: 'What was booked for this order, oldest first.' })
  journalEntries(@Root() order: OrderStub, @Ctx() ctx: GraphContext): Promise<readonly JournalEntryType[]> {
    ctx.viewer.must('finance:read');
    return entriesByOrder(ctx).load(order.id);
  }
}
