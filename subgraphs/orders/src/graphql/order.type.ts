import { DateTime, MoneyType } from '@quanyu/subgraph';
import { Directive, Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { EXCEPTION_CODES, ORDER_STATUSES, PAYMENT_STATES, type ExceptionCode, type OrderStatus, type PaymentState } from '../domain/order-state.js';
import { ACTOR_KINDS, DEEDS, type Deed } from '../domain/actor.js';
import { ORDER_ACTIONS, type OrderAction } from '../domain/order-actions.js';
import { AFTER_SALE_STAGES, type AfterSaleStage } from '../domain/platform-status.js';
import { ORDERS_ERRORS, type OrdersErrorCode } from '../errors.js';
import type { Customer } from '../entities/sales-order.entity.js';

export const enumOf = <Value extends string>(values: readonly Value[]): Record<Value, Value> => Object.fromEntries(values.map((value) => [value, value])) as Record<Value, Value>;

export const OrderStatusEnum = enumOf(ORDER_STATUSES);
registerEnumType(OrderStatusEnum, {
  name: 'OrderStatus',
  description: "Where an order is in its life; a channel's own word for it is `rawStatus`.",
  valuesConfig: {
    RESERVING: { description: 'Waits for its SKUs to be known or for stock.' },
    PENDING_PAYMENT: { description: '待支付: stock is held, money is not in.' },
    TO_SHIP: { description: '待发货: paid and held.' },
    SHIPPED: { description: '已发货' },
    COMPLETED: { description: '已完成' },
    CANCELLED: { description: '已取消: final.' },
  },
});
export const PaymentStateEnum = enumOf(PAYMENT_STATES);
registerEnumType(PaymentStateEnum, { name: 'PaymentState', description: "The channel's word on the money." });
export const OrderExceptionCodeEnum = enumOf(EXCEPTION_CODES);
registerEnumType(OrderExceptionCodeEnum, {
  name: 'OrderExceptionCode',
  valuesConfig: {
    UNKNOWN_SKU: { description: 'A line names goods that we do not know; map them with `mapChannelSku` and the order goes on.' },
    STOCK_SHORT: { description: 'Not enough stock; count some in and use `retryReservation`.' },
    LINES_CHANGED: { description: 'The channel changed the lines after stock was held.' },
    NO_LINES: { description: 'The channel told of an order without a line.' },
    BAD_QUANTITY: { description: 'A line asks for none, for less than none, or for more than anybody has; the subjects tell what.' },
    PAYMENT_DIFFERS: { description: 'What was paid is not what the order costs.' },
    BAD_ADDRESS: { description: 'No parcel can be sent there; the subjects tell which fields are missing. Correct it with `changeShipTo`.' },
    SHIPPED_EARLY: { description: 'The channel has sent it though we hold no stock for it.' },
    PRICE_BELOW_FLOOR: { description: 'A line was sold for less than its floor; the subjects tell which. Who may set prices can accept it.' },
    SEND_SOON: { description: 'Of a member with a year card, and not sent yet; the subject tells until when it is to be. It is not kept back by it.' },
  },
});

export const AfterSaleStageEnum = enumOf(AFTER_SALE_STAGES);
registerEnumType(AfterSaleStageEnum, {
  name: 'AfterSaleStage',
  description: 'Beside the status: what after-sales of the order, ours or the channel\'s own, are up to.',
  valuesConfig: { NONE: { description: 'None is open.' }, AFTER_SALE: { description: '售后中' }, REFUNDING: { description: '退款中: only the money is missing.' } },
});
export const OrderActionEnum = enumOf(ORDER_ACTIONS);
registerEnumType(OrderActionEnum, { name: 'OrderActionName', description: 'What can be done with an order.' });
export const ActorKindEnum = enumOf(ACTOR_KINDS);
registerEnumType(ActorKindEnum, { name: 'OrderActorKind', description: 'Who did something to an order.' });
export const DeedEnum = enumOf(DEEDS);
registerEnumType(DeedEnum, { name: 'OrderDeed', description: 'What was done to an order.' });
export const OrderSourceEnum = { CHANNEL: 'CHANNEL', OWN: 'OWN' } as const;
registerEnumType(OrderSourceEnum, {
  name: 'OrderSource',
  description: 'Where an order was placed.',
  valuesConfig: { CHANNEL: { description: 'In a shop of an outside platform, which decides its end.' }, OWN: { description: 'With us: mini-program, H5, or by hand.' } },
});

@ObjectType({ description: 'Whether something can be done with an order now: a user interface never guesses.' })
export class OrderActionType {
  @Field(() => OrderActionEnum) action!: OrderAction;
  @Field() enabled!: boolean;
  @Field(() => String, { nullable: true, description: 'The code that the mutation would refuse with.' }) reason!: OrdersErrorCode | null;
  @Field(() => String, { nullable: true, description: 'The reason in words.' }) message!: string | null;
}
export const messageOf = (code: OrdersErrorCode, language: 'en' | 'zh-CN'): string => ORDERS_ERRORS[code][language];

@ObjectType({ description: 'One thing that was done to an order.' })
export class TimelineEntryType {
  @Field(() => ID) id!: string;
  @Field(() => DateTime) at!: Date;
  @Field(() => DeedEnum) deed!: Deed;
  @Field(() => ActorKindEnum) actorKind!: (typeof ACTOR_KINDS)[number];
  @Field({ description: "Id of the person or channel, or the job's name." }) actorId!: string;
  @Field(() => OrderStatusEnum, { description: 'Of the order, after it.' }) status!: OrderStatus;
  @Field({ description: 'JSON of ids, codes and figures; never personal data.' }) detail!: string;
}

/** A SKU of the catalog; orders only points to it. */
@Directive('@key(fields: "id", resolvable: false)')
@ObjectType('Sku')
export class SkuStub {
  @Field(() => ID) id!: string;
}

@ObjectType()
export class OrderLineType {
  @Field(() => ID) id!: string;
  @Field({ description: "The channel's name of the goods: its SKU text, else `variant:<id>`, else `title:<text>`." }) externalSku!: string;
  @Field() title!: string;
  @Field(() => Int) quantity!: number;
  @Field(() => Int, { description: 'How much of it is on its way.' }) shippedQuantity!: number;
  @Field(() => String, { nullable: true, description: "The channel's id of the product, where it tells it." }) externalProductId!: string | null;
  @Field(() => String, { nullable: true, description: "The channel's id of the variant, where it tells it." }) externalVariantId!: string | null;
  skuId!: string | null;
  orderId!: string;
  unitPriceMinor!: number;
  discountMinor!: number;
}

@ObjectType({ description: 'Why an order waits for a person.' })
export class OrderExceptionType {
  @Field(() => ID) id!: string;
  @Field(() => OrderExceptionCodeEnum) code!: ExceptionCode;
  @Field(() => [String], { description: "What it is about: the channel's SKU names, or SKU ids." }) subjects!: string[];
  @Field({ description: 'OPEN, WAITING (a person has agreed that the order waits for its goods; stock is asked again from time to time) or RESOLVED.' }) state!: string;
  @Field(() => DateTime, { nullable: true, description: 'When a person agreed to it as it is; the timeline says who and why.' }) acceptedAt!: Date | null;
  orderId!: string;
  @Field(() => DateTime) raisedAt!: Date;
  @Field(() => DateTime, { nullable: true }) resolvedAt!: Date | null;
}

@ObjectType({ description: 'Where the parcel goes, masked.' })
export class MaskedAddress {
  @Field(() => String, { nullable: true }) name!: string | null;
  @Field(() => String, { nullable: true }) phone!: string | null;
  @Field(() => String, { nullable: true }) addressLine!: string | null;
  @Field(() => String, { nullable: true }) city!: string | null;
  @Field(() => String, { nullable: true }) province!: string | null;
  @Field(() => String, { nullable: true }) postalCode!: string | null;
  @Field(() => String, { nullable: true }) countryCode!: string | null;
}

@ObjectType({ description: 'What was written with the order. Numbers of five digits and more, and e-mail addresses, are masked.' })
export class OrderNotes {
  @Field(() => String, { nullable: true, description: 'By the buyer.' }) buyer!: string | null;
  @Field(() => String, { nullable: true, description: 'To be put in with a present.' }) gift!: string | null;
  @Field(() => String, { nullable: true, description: 'What the shop asks for with its orders, one a line: `engraving: Anna`.' }) instructions!: string | null;
  @Field(() => String, { nullable: true, description: "By the shop's people; not for buyers." }) seller!: string | null;
}

@Directive('@key(fields: "id")')
@ObjectType('Order', { description: 'An order of any channel.' })
export class OrderType {
  @Field(() => ID) id!: string;
  @Field({ description: 'The number that people use, such as `#1002`.' }) orderNumber!: string;
  @Field({ description: "The channel's own id of it." }) externalOrderId!: string;
  @Field() platform!: string;
  @Field(() => OrderStatusEnum) status!: OrderStatus;
  @Field(() => PaymentStateEnum) paymentState!: PaymentState;
  @Field({ description: "The channel's own words for its states." }) rawStatus!: string;
  @Field({ description: 'The channel gave all the money back.' }) refunded!: boolean;
  @Field(() => DateTime) placedAt!: Date;
  @Field(() => DateTime, { nullable: true, description: 'When we learnt that it is paid.' }) paidAt!: Date | null;
  @Field(() => DateTime, { nullable: true, description: 'When it was paid and held.' }) confirmedAt!: Date | null;
  @Field(() => String, { nullable: true, description: "How the buyer wishes it to be sent, in the channel's words." }) shippingMethod!: string | null;
  sealedNotes!: string | null;
  @Field(() => OrderSourceEnum) source!: 'CHANNEL' | 'OWN';
  @Field({ description: 'A person stopped it: it is not shipped.' }) onHold!: boolean;
  holdReason!: string | null;
  @Field(() => DateTime, { nullable: true, description: 'When all of it was on its way.' }) shippedAt!: Date | null;
  @Field(() => DateTime, { nullable: true }) completedAt!: Date | null;
  @Field(() => DateTime, { nullable: true }) cancelledAt!: Date | null;
  @Field(() => String, { nullable: true }) cancelReason!: string | null;
  @Field(() => Int, { description: 'Grows with each change.' }) version!: number;
  tenantId!: string;
  connectionId!: string;
  shipped!: 'NONE' | 'PART' | 'ALL';
  stockState!: 'NONE' | 'WANTED' | 'HELD' | 'SHORT';
  afterSale!: AfterSaleStage;
  channelAfterSale!: AfterSaleStage;
  refundedMinor!: number;
  dueMinor!: number;
  @Field(() => DateTime, { nullable: true, description: 'After it an unpaid order of our own ends.' }) payBy!: Date | null;
  currency!: string;
  itemsMinor!: number;
  discountMinor!: number;
  shippingMinor!: number;
  taxMinor!: number;
  totalMinor!: number;
  customer!: Customer | null;
  sealedShipTo!: string | null;
}

@ObjectType({ description: 'total = items - discount + shipping + tax, unless the prices hold the tax.' })
export class OrderAmounts {
  @Field(() => MoneyType) items!: MoneyType;
  @Field(() => MoneyType) discount!: MoneyType;
  @Field(() => MoneyType) shipping!: MoneyType;
  @Field(() => MoneyType) tax!: MoneyType;
  @Field(() => MoneyType) total!: MoneyType;
}
