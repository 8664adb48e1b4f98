import { DateTime } from '@quanyu/subgraph';
import { Directive, Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { TICKET_ACTIONS, TICKET_STATUSES, type TicketAction, type TicketStatus } from '../domain/moves.js';
import type { TicketRow } from '../entities/ticket.entity.js';

const enumOf = <Value extends string>(values: readonly Value[]): { readonly [V in Value]: V } => Object.fromEntries(values.map((value) => [value, value])) as { readonly [V in Value]: V };

export const TicketStatusEnum = enumOf(TICKET_STATUSES);
registerEnumType(TicketStatusEnum, {
  name: 'TicketStatus',
  valuesConfig: {
    OPEN: { description: '待处理: nobody works on it.' },
    IN_PROGRESS: { description: '处理中' },
    AWAITING_CUSTOMER: { description: '待用户确认: the customer was asked.' },
    RESOLVED: { description: '已完成: may be opened again.' },
    CLOSED: { description: '已关闭: final.' },
  },
});

export const TicketActionEnum = enumOf(TICKET_ACTIONS);
registerEnumType(TicketActionEnum, {
  name: 'TicketAction',
  valuesConfig: {
    START: { description: 'Take it up; whoever does has it.' },
    ASK_CUSTOMER: { description: 'Wait for the customer.' },
    RESUME: { description: 'The customer answered.' },
    RESOLVE: { description: 'It is done.' },
    REOPEN: { description: 'It was not done after all.' },
    CLOSE: { description: 'For good.' },
  },
});

export const TicketKindEnum = { RETURN_REFUND: 'RETURN_REFUND', EXCHANGE: 'EXCHANGE', COMPLAINT: 'COMPLAINT', COMPENSATION: 'COMPENSATION', QUESTION: 'QUESTION' } as const satisfies Record<TicketRow['kind'], string>;
registerEnumType(TicketKindEnum, {
  name: 'TicketKind',
  valuesConfig: {
    RETURN_REFUND: { description: '退货退款' }, EXCHANGE: { description: '换货' }, COMPLAINT: { description: '投诉' },
    COMPENSATION: { description: '补偿申请' }, QUESTION: { description: '咨询' },
  },
});

@ObjectType('TicketAvailableAction', { description: 'What `moveTicket` would do now, for you.' })
export class TicketAvailableActionType {
  @Field(() => TicketActionEnum) action!: TicketAction;
  @Field() enabled!: boolean;
  @Field(() => String, { nullable: true, description: "Why not, in the language of the request's Accept-Language." }) reason!: string | null;
}

@Directive('@key(fields: "id")')
@ObjectType('Ticket', { description: 'Something that a customer wants of us.' })
export class TicketType {
  @Field(() => ID) id!: string;
  @Field(() => TicketKindEnum) kind!: TicketRow['kind'];
  @Field(() => TicketStatusEnum) status!: TicketStatus;
  @Field(() => Int, { description: 'Grows with each change; send it back as `expectedVersion`.' }) version!: number;
  @Field(() => DateTime) createdAt!: Date;
  @Field(() => DateTime) updatedAt!: Date;
  tenantId!: string;
  orderId!: string | null;
  memberId!: string | null;
  assigneeId!: string | null;
  sealedSubject!: string;
}
