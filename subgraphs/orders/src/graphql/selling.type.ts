import { CurrencyCode, DateTime, MoneyInput, MoneyType, type UserErrorShape } from '@quanyu/subgraph';
import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { Address } from '../commands/selling/delivery-address.js';
import { PAYMENT_STEPS, PROVIDERS, REFUND_REASONS, REFUND_STATES, type RefundReason } from '../domain/payment.js';
import { OWN_CHANNEL_KINDS } from '../domain/own-channel.js';
import { enumOf, OrderType, SkuStub } from './order.type.js';
import { OrdersUserError } from './orders-user-error.type.js';

export const OwnChannelKindEnum = enumOf(OWN_CHANNEL_KINDS);
registerEnumType(OwnChannelKindEnum, { name: 'OwnChannelKind', description: 'How we sell ourselves.', valuesConfig: { BY_HAND: { description: 'Staff take orders for buyers: by phone, at a fair.' } } });
export const PaymentProviderEnum = enumOf(PROVIDERS);
registerEnumType(PaymentProviderEnum, { name: 'PaymentProvider', valuesConfig: { BY_HAND: { description: 'In cash or by transfer; a person said so.' } } });
export const PaymentStepEnum = enumOf(PAYMENT_STEPS);
registerEnumType(PaymentStepEnum, { name: 'PaymentStep', description: 'Where a payment is.', valuesConfig: { CLOSING: { description: 'Being ended at its platform, so that nobody pays it any more.' } } });
export const RefundStateEnum = enumOf(REFUND_STATES);
registerEnumType(RefundStateEnum, { name: 'RefundState', valuesConfig: { TO_APPROVE: { description: 'A second person has to agree.' }, FAILED: { description: 'The platform refuses for good; pay it in another way and say so with `recordRefund`.' } } });
export const RefundReasonEnum = enumOf(REFUND_REASONS);
registerEnumType(RefundReasonEnum, { name: 'RefundReason', valuesConfig: { LATE_PAYMENT: { description: 'It was paid when the hold had ended and the goods were gone.' }, PAID_TWICE: { description: 'The order had been paid already.' }, ORDER_EDITED: { description: 'It was edited, and costs less.' } } });

@ObjectType({ description: 'A place where we sell ourselves. Its id counts as that of a channel.' })
export class OwnChannel {
  @Field(() => ID) id!: string;
  @Field(() => OwnChannelKindEnum) kind!: (typeof OWN_CHANNEL_KINDS)[number];
  @Field() name!: string;
  @Field(() => CurrencyCode) currency!: string;
  @Field({ description: 'A closed one takes no new orders.' }) isOpen!: boolean;
  @Field(() => MoneyType) shipping!: MoneyType;
  @Field(() => MoneyType, { nullable: true, description: 'From this sum of goods on shipping is free; null: never.' }) freeShippingFrom!: MoneyType | null;
}

@ObjectType({ description: 'A payment of an order at a platform, or by hand.' })
export class PaymentType {
  @Field(() => ID) id!: string;
  @Field(() => PaymentProviderEnum) provider!: (typeof PROVIDERS)[number];
  @Field(() => PaymentStepEnum) state!: (typeof PAYMENT_STEPS)[number];
  @Field(() => MoneyType) amount!: MoneyType;
  @Field(() => MoneyType, { description: 'What came in.' }) paid!: MoneyType;
  @Field(() => DateTime) startedAt!: Date;
  @Field(() => DateTime, { nullable: true }) paidAt!: Date | null;
  @Field(() => String, { nullable: true, description: "JSON that the buyer's app hands to the platform's own code, as it is." }) client!: string | null;
}

@ObjectType({ description: 'Money of an order that goes back.' })
export class RefundType {
  @Field(() => ID) id!: string;
  @Field(() => RefundStateEnum) state!: (typeof REFUND_STATES)[number];
  @Field(() => RefundReasonEnum) reason!: RefundReason;
  @Field(() => MoneyType) amount!: MoneyType;
  @Field({ description: 'PROVIDER: the platform that was paid with pays it back. OUTSIDE: a person or the channel does, see `recordRefund`.' }) route!: string;
  @Field(() => String, { nullable: true }) failureCode!: string | null;
  @Field(() => DateTime) createdAt!: Date;
  @Field(() => DateTime, { nullable: true }) doneAt!: Date | null;
}

@InputType()
export class BasketLineInput {
  @Field(() => ID) skuId!: string;
  @Field(() => Int) quantity!: number;
}

@InputType({ description: 'Where a parcel shall go. Kept sealed, shown masked.' })
export class DeliveryAddressInput {
  @Field() name!: string;
  @Field({ description: 'With country code, or in the spelling of the country.' }) phone!: string;
  @Field({ description: 'Street and house.' }) address1!: string;
  @Field(() => String, { nullable: true }) address2?: string | null;
  @Field(() => String, { nullable: true }) city?: string | null;
  @Field(() => String, { nullable: true }) province?: string | null;
  @Field(() => String, { nullable: true }) postalCode?: string | null;
  @Field({ description: 'ISO 3166, two letters.' }) countryCode!: string;
  @Field(() => String, { nullable: true, description: 'Where the buyer is written to when nobody else tells them where the order stands.' }) email?: string | null;
}

export const toAddress = ({ address2, city, province, postalCode, ...shipTo }: DeliveryAddressInput): Address => ({ ...shipTo, address2: address2 ?? null, city: city ?? null, province: province ?? null, postalCode: postalCode ?? null });

@InputType()
export class QuoteOrderInput {
  @Field(() => ID, { description: 'One of our own channels.' }) channelId!: string;
  @Field(() => [BasketLineInput]) lines!: BasketLineInput[];
}

@InputType()
export class PlaceOrderInput extends QuoteOrderInput {
  @Field(() => DeliveryAddressInput, { nullable: true, description: 'This or `addressId`.' }) shipTo?: DeliveryAddressInput | null;
  @Field(() => ID, { nullable: true, description: "An address of the member's own book." }) addressId?: string | null;
  @Field(() => MoneyInput, { nullable: true, description: 'The total that the buyer saw: when it is another by now, nothing is ordered.' }) expectedTotal?: MoneyInput | null;
  @Field(() => ID, { nullable: true, description: 'For staff: the member who buys; nobody for a guest. A member always buys for themselves.' }) memberId?: string | null;
  @Field({ description: 'The same key again goes on with the same order.' }) idempotencyKey!: string;
}

@ObjectType()
export class QuotedLineType {
  @Field(() => SkuStub) sku!: SkuStub;
  @Field(() => Int) quantity!: number;
  @Field(() => MoneyType) unitPrice!: MoneyType;
  @Field(() => MoneyType) total!: MoneyType;
}

@ObjectType({ description: 'What is taken off an order.' })
export class QuotedDiscount {
  @Field({ description: 'COUPON or POINTS.' }) kind!: string;
  @Field() reference!: string;
  @Field(() => MoneyType) amount!: MoneyType;
}

@ObjectType({ description: 'What a basket costs now. Nothing is held by it.' })
export class OrderQuote {
  @Field(() => [QuotedLineType]) lines!: QuotedLineType[];
  @Field(() => [QuotedDiscount]) discounts!: QuotedDiscount[];
  @Field(() => MoneyType) items!: MoneyType;
  @Field(() => MoneyType) discount!: MoneyType;
  @Field(() => MoneyType) shipping!: MoneyType;
  @Field(() => MoneyType) total!: MoneyType;
}

@ObjectType()
export class QuoteOrderPayload {
  @Field(() => OrderQuote, { nullable: true }) quote!: OrderQuote | null;
  @Field(() => [OrdersUserError]) userErrors!: UserErrorShape[];
}

@ObjectType({ description: 'A line that could not be held, and how much there is.' })
export class OrderShortage {
  @Field(() => SkuStub) sku!: SkuStub;
  @Field(() => Int) asked!: number;
  @Field(() => Int) available!: number;
}

@ObjectType()
export class PlaceOrderPayload {
  @Field(() => OrderType, { nullable: true }) order!: OrderType | null;
  @Field(() => [OrderShortage]) shortages!: OrderShortage[];
  @Field(() => [OrdersUserError]) userErrors!: UserErrorShape[];
}

@ObjectType()
export class StartPaymentPayload {
  @Field(() => OrderType, { nullable: true }) order!: OrderType | null;
  @Field(() => PaymentType, { nullable: true }) payment!: PaymentType | null;
  @Field(() => [OrdersUserError]) userErrors!: UserErrorShape[];
}

@ObjectType()
export class OwnChannelPayload {
  @Field(() => OwnChannel, { nullable: true }) channel!: OwnChannel | null;
  @Field(() => [OrdersUserError]) userErrors!: UserErrorShape[];
}
