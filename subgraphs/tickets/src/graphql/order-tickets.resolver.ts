import type { GraphContext } from '@quanyu/subgraph';
import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { ticketsByOrder } from '../queries/tickets.js';
import { OrderStub } from './stubs.js';
import { TicketType } from './ticket.type.js';

@Resolver(() => OrderStub)
export class OrderTicketsResolver {
  @FieldResolver(() => [TicketType], { description: 'Tickets about it, oldest first.' })
  tickets(@Root() order: OrderStub, @Ctx() ctx: GraphContext): Promise<readonly TicketType[]> {
    ctx.viewer.must('tickets:read');
    return ticketsByOrder(ctx).load(order.id) as Promise<readonly TicketType[]>;
  }
}
