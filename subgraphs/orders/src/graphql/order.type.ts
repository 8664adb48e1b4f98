import { DateTime, MoneyType } from '@quanyu/subgraph';
import { Directive, Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { EXCEPTION_CODES, ORDER_STATUSES, PAYMENT_STATES, type ExceptionCode, type OrderStatus, type PaymentState } from '../domain/order-state.js';
import type { Customer } from '../entities/sales-order.entity.js';

const enumOf = <Value extends string>(values: readonly Value[]): Record<Value, Value> => Object.fromEntries(values.map((value) => [value, value])) as Record<Value, Value>;

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
  },
});

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
  @Field({ description: 'OPEN or RESOLVED.' }) state!: string;
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
  @Field(() => DateTime, { nullable: true }) cancelledAt!: Date | null;
  @Field(() => String, { nullable: true }) cancelReason!: string | null;
  @Field(() => Int, { description: 'Grows with each change.' }) version!: number;
  tenantId!: string;
  connectionId!: string;
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
