import { parseId } from '@quanyu/ids';
import { toUserError, type GraphContext, type UserErrorShape } from '@quanyu/subgraph';
import { Arg, Ctx, Field, ID, InputType, Int, Mutation, ObjectType, Resolver } from 'type-graphql';
import { moveTicket } from '../commands/move-ticket.js';
import type { TicketAction } from '../domain/moves.js';
import { TICKETS_ERRORS } from '../errors.js';
import { ticketById } from '../queries/tickets.js';
import { TicketActionEnum, TicketType } from './ticket.type.js';
import { TicketsUserError } from './tickets-user-error.type.js';

@InputType()
class MoveTicketInput {
  @Field(() => ID) ticketId!: string;
  @Field(() => TicketActionEnum, { description: 'One that `availableActions` shows as enabled.' }) action!: TicketAction;
  @Field(() => Int, { nullable: true, description: 'The version that you have seen; refused when it has changed.' }) expectedVersion?: number;
}

@ObjectType()
class MoveTicketPayload {
  @Field(() => TicketType, { nullable: true }) ticket!: TicketType | null;
  @Field(() => [TicketsUserError]) userErrors!: UserErrorShape[];
}

@Resolver()
export class MoveTicketMutation {
  @Mutation(() => MoveTicketPayload)
  async moveTicket(@Arg('input', () => MoveTicketInput) input: MoveTicketInput, @Ctx() ctx: GraphContext): Promise<MoveTicketPayload> {
    ctx.viewer.must('tickets:write');
    const ticketId = parseId('tkt', input.ticketId);
    const result = await moveTicket(ctx, { ticketId, action: input.action, expectedVersion: input.expectedVersion ?? null });
    if (result.kind === 'refused') return { ticket: null, userErrors: [toUserError(TICKETS_ERRORS, result, ctx.language)] };
    return { ticket: (await ticketById(ctx).clear(ticketId).load(ticketId)) as TicketType | null, userErrors: [] };
  }
}
