import { DateTime, MoneyInput, MoneyType, type UserErrorShape } from '@quanyu/subgraph';
import { Directive, Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { AFTER_SALE_DEEDS, AFTER_SALE_KINDS, AFTER_SALE_STATES, type AfterSaleDeed, type AfterSaleKind, type AfterSaleState } from '../domain/after-sale.js';
import { OrderDeedInput } from './order-deeds.mutation.js';
import { enumOf, OrderLineType, OrderType } from './order.type.js';
import { OrdersUserError } from './orders-user-error.type.js';

export const AfterSaleKindEnum = enumOf(AFTER_SALE_KINDS);
registerEnumType(AfterSaleKindEnum, { name: 'AfterSaleKind', valuesConfig: { RETURN_AND_REFUND: { description: '退货退款' }, REFUND_ONLY: { description: '仅退款' }, EXCHANGE: { description: '换货: the same goods go out again, by an order that costs nothing.' } } });
export const AfterSaleStateEnum = enumOf(AFTER_SALE_STATES);
registerEnumType(AfterSaleStateEnum, {
  name: 'AfterSaleState',
  valuesConfig: {
    REQUESTED: { description: 'Somebody has to decide, by `decideBy`.' }, APPROVED: { description: 'The goods may be sent back, by `returnBy`.' }, RETURNING: { description: 'They are on their way.' },
    INSPECTING: { description: 'They have come and are looked at.' }, REFUNDING: { description: 'Only the money is missing.' }, WITHDRAWN: { description: 'Given up; it can be asked for anew.' },
  },
});
export const AfterSaleDeedEnum = enumOf(AFTER_SALE_DEEDS);
registerEnumType(AfterSaleDeedEnum, { name: 'AfterSaleDeed', description: 'What can be done with an after-sale.' });

@ObjectType({ description: 'Whether something can be done with an after-sale now.' })
export class AfterSaleAction {
  @Field(() => AfterSaleDeedEnum) action!: AfterSaleDeed;
  @Field() enabled!: boolean;
  @Field(() => String, { nullable: true, description: 'The code that the mutation would refuse with.' }) reason!: string | null;
}

@ObjectType({ description: 'Units of a line that an after-sale is about.' })
export class AfterSaleLineType {
  @Field(() => OrderLineType) line!: OrderLineType;
  @Field(() => Int) quantity!: number;
  @Field(() => Int, { description: 'Good again: back in stock.' }) restocked!: number;
  @Field(() => Int) scrapped!: number;
}

@Directive('@key(fields: "id")')
@ObjectType('AfterSale', { description: 'A complaint, return or exchange, beside the status of its order.' })
export class AfterSaleType {
  @Field(() => ID) id!: string;
  @Field(() => AfterSaleKindEnum) kind!: AfterSaleKind;
  @Field(() => AfterSaleStateEnum) state!: AfterSaleState;
  @Field() reason!: string;
  @Field(() => [String], { description: 'Links to pictures and films.' }) evidence!: string[];
  @Field(() => MoneyType, { description: 'What is asked back.' }) refundAmount!: MoneyType;
  @Field(() => DateTime) requestedAt!: Date;
  @Field(() => DateTime, { description: 'By when somebody has to decide.' }) decideBy!: Date;
  @Field(() => DateTime, { nullable: true, description: 'By when the goods have to be on their way; after it the after-sale is withdrawn.' }) returnBy!: Date | null;
  @Field(() => String, { nullable: true, description: 'What the buyer was told.' }) answer!: string | null;
  @Field(() => String, { nullable: true }) returnCarrier!: string | null;
  @Field(() => String, { nullable: true }) returnTracking!: string | null;
  @Field(() => DateTime, { nullable: true }) endedAt!: Date | null;
  @Field(() => Int, { description: 'Grows with each change.' }) version!: number;
  orderId!: string;
  refundMinor!: number;
  currency!: string;
  replacementOrderId!: string | null;
}

@InputType()
export class AfterSaleLineInput {
  @Field(() => ID) lineId!: string;
  @Field(() => Int) quantity!: number;
}

@InputType()
export class RequestAfterSaleInput extends OrderDeedInput {
  @Field(() => AfterSaleKindEnum) kind!: AfterSaleKind;
  @Field(() => [AfterSaleLineInput]) lines!: AfterSaleLineInput[];
  @Field({ description: '200 characters at most.' }) reason!: string;
  @Field(() => [String], { nullable: true, description: '9 https links at most.' }) evidence?: string[] | null;
  @Field(() => MoneyInput, { nullable: true, description: 'What is asked back; not given: what was paid for these units, without shipping.' }) refund?: MoneyInput | null;
}

@InputType()
export class AfterSaleDeedInput {
  @Field(() => ID) afterSaleId!: string;
  @Field({ description: 'The same key again answers the first result.' }) idempotencyKey!: string;
}

@InputType()
export class DecideAfterSaleInput extends AfterSaleDeedInput {
  @Field() approve!: boolean;
  @Field(() => String, { nullable: true, description: 'What the buyer is told; required for a no.' }) answer?: string | null;
  @Field(() => String, { nullable: true, description: 'Of `stepUp`, where saying yes gives money back: REFUND of the after-sale.' }) stepUpToken?: string | null;
}

@InputType()
export class SendBackInput extends AfterSaleDeedInput {
  @Field({ description: 'SF, ZTO, YTO, STO, YUNDA, EMS, ...' }) carrier!: string;
  @Field() trackingNumber!: string;
}

@InputType({ description: 'What became of the units of a line that came back.' })
export class InspectedLineInput {
  @Field(() => ID) lineId!: string;
  @Field(() => Int) restock!: number;
  @Field(() => Int) scrap!: number;
}

@InputType()
export class SettleAfterSaleInput extends AfterSaleDeedInput {
  @Field(() => [InspectedLineInput], { description: 'Each line of the after-sale, each unit once.' }) lines!: InspectedLineInput[];
  @Field(() => String, { nullable: true, description: 'Of `stepUp`, where money goes back: REFUND of the after-sale.' }) stepUpToken?: string | null;
}

@InputType()
export class RefundDeedInput {
  @Field(() => ID) refundId!: string;
  @Field(() => String, { nullable: true, description: 'Of `stepUp`, APPROVE_REFUND or RECORD_REFUND of the refund.' }) stepUpToken?: string | null;
  @Field({ description: 'The same key again answers the first result.' }) idempotencyKey!: string;
}

@ObjectType()
export class AfterSalePayload {
  @Field(() => AfterSaleType, { nullable: true }) afterSale!: AfterSaleType | null;
  @Field(() => OrderType, { nullable: true }) order!: OrderType | null;
  @Field(() => [OrdersUserError]) userErrors!: UserErrorShape[];
}
