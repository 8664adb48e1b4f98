import { parseId } from '@quanyu/ids';
import { toUserError, type GraphContext, type UserErrorShape } from '@quanyu/subgraph';
import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import { createTicket } from '../commands/create-ticket.js';
import type { TicketRow } from '../entities/ticket.entity.js';
import { TICKETS_ERRORS } from '../errors.js';
import { ticketById, ticketsByOrder } from '../queries/tickets.js';
import { TicketKindEnum, TicketType } from './ticket.type.js';
import { TicketsUserError } from './tickets-user-error.type.js';

@InputType()
class CreateTicketInput {
  @Field(() => TicketKindEnum) kind!: TicketRow['kind'];
  @Field({ description: 'What it is about, in up to 2000 characters; kept sealed.' }) subject!: string;
  @Field(() => ID, { nullable: true }) orderId?: string;
  @Field(() => ID, { nullable: true }) memberId?: string;
  @Field({ description: 'The same key again answers the first result.' }) idempotencyKey!: string;
}

@ObjectType()
class CreateTicketPayload {
  @Field(() => TicketType, { nullable: true }) ticket!: TicketType | null;
  @Field(() => [TicketsUserError]) userErrors!: UserErrorShape[];
}

@Resolver()
export class CreateTicketMutation {
  @Mutation(() => CreateTicketPayload)
  async createTicket(@Arg('input', () => CreateTicketInput) input: CreateTicketInput, @Ctx() ctx: GraphContext): Promise<CreateTicketPayload> {
    ctx.viewer.must('tickets:write');
    const orderId = input.orderId ? parseId('ord', input.orderId) : null;
    const memberId = input.memberId ? parseId('mem', input.memberId) : null;
    const result = await createTicket(ctx, { ...input, orderId, memberId });
    if (result.kind === 'refused') return { ticket: null, userErrors: [toUserError(TICKETS_ERRORS, result, ctx.language)] };
    // An earlier mutation of the same request may have looked at the order's tickets.
    if (orderId !== null) ticketsByOrder(ctx).clear(orderId);
    return { ticket: (await ticketById(ctx).load(result.ticketId)) as TicketType | null, userErrors: [] };
  }
}
