import { parseId } from '@quanyu/ids';
import { Connection, PageArgs, parsePage, type GraphContext, type Page } from '@quanyu/subgraph';
import { AccessError } from '@quanyu/viewer';
import { Arg, Args, Ctx, Field, FieldResolver, ID, InputType, Query, Resolver, Root } from 'type-graphql';
import { move, TICKET_ACTIONS, type TicketStatus } from '../domain/moves.js';
import { TICKETS_ERRORS } from '../errors.js';
import { openSubject } from '../queries/ticket-subject.js';
import { ticketById, ticketPage } from '../queries/tickets.js';
import { MemberStub, OrderStub, StaffStub } from './stubs.js';
import { TicketAvailableActionType, TicketStatusEnum, TicketType } from './ticket.type.js';

const TicketConnection = Connection(TicketType, 'Ticket');
const stub = (id: string | null | undefined): { id: string } | null => (id ? { id } : null);

@InputType()
class TicketFilterInput {
  @Field(() => [TicketStatusEnum], { nullable: true }) statuses?: TicketStatus[];
  @Field(() => ID, { nullable: true }) orderId?: string;
  @Field(() => ID, { nullable: true }) memberId?: string;
}

@Resolver(() => TicketType)
export class TicketResolver {
  @Query(() => TicketConnection, { description: 'Tickets of the channels that you may see and those without an order, newest first.' })
  tickets(@Ctx() ctx: GraphContext, @Args(() => PageArgs) page: PageArgs, @Arg('filter', () => TicketFilterInput, { nullable: true }) filter?: TicketFilterInput): Promise<Page<TicketType>> {
    ctx.viewer.must('tickets:read');
    const { statuses, orderId, memberId } = filter ?? {};
    return ticketPage(ctx, { statuses: statuses ?? undefined, orderId: orderId ? parseId('ord', orderId) : undefined, memberId: memberId ? parseId('mem', memberId) : undefined }, parsePage(page, 'tkt')) as Promise<Page<TicketType>>;
  }

  @Query(() => TicketType, { nullable: true })
  ticket(@Ctx() ctx: GraphContext, @Arg('id', () => ID) id: string): Promise<TicketType | null> {
    ctx.viewer.must('tickets:read');
    return ticketById(ctx).load(parseId('tkt', id)) as Promise<TicketType | null>;
  }

  @FieldResolver(() => String, { description: 'In the words of the customer or of who wrote it down; it may hold personal data.' })
  subject(@Root() ticket: TicketType, @Ctx() ctx: GraphContext): string {
    ctx.viewer.must('tickets:read');
    return openSubject(ctx.deps.vault, ticket as TicketType & { id: `tkt_${string}` });
  }

  @FieldResolver(() => OrderStub, { nullable: true })
  order(@Root() ticket: TicketType): OrderStub | null {
    return stub(ticket.orderId);
  }

  @FieldResolver(() => MemberStub, { nullable: true })
  member(@Root() ticket: TicketType): MemberStub | null {
    return stub(ticket.memberId);
  }

  @FieldResolver(() => StaffStub, { nullable: true, description: 'Who works on it.' })
  assignee(@Root() ticket: TicketType): StaffStub | null {
    return stub(ticket.assigneeId);
  }

  @FieldResolver(() => [TicketAvailableActionType], { description: 'Every action, and whether you may do it now.' })
  availableActions(@Root() ticket: TicketType, @Ctx() { viewer, language }: GraphContext): TicketAvailableActionType[] {
    const forbidden = viewer.can('tickets:write') ? null : new AccessError('FORBIDDEN', 'tickets:write').messages[language];
    return TICKET_ACTIONS.map((action) => {
      const reason = forbidden ?? (move(ticket.status, action) === null ? TICKETS_ERRORS.MOVE_NOT_ALLOWED[language] : null);
      return { action, enabled: reason === null, reason };
    });
  }
}
