import { toUserError, UserError, type GraphContext, type Refusal, type UserErrorShape } from '@quanyu/subgraph';
import { Field, ObjectType } from 'type-graphql';
import { ORDERS_ERRORS, type OrdersErrorCode } from '../errors.js';
import { orderById } from '../queries/orders.js';
import { OrderType } from './order.type.js';

export const OrdersUserError = UserError('Orders', ORDERS_ERRORS);

export const toErrors = (refusal: Refusal<OrdersErrorCode>, ctx: GraphContext): UserErrorShape[] => [toUserError(ORDERS_ERRORS, refusal, ctx.language)];

/** What most mutations of an order answer. */
@ObjectType({ description: 'The order as it is now, or why nothing was done.' })
export class OrderPayload {
  @Field(() => OrderType, { nullable: true }) order!: OrderType | null;
  @Field(() => [OrdersUserError]) userErrors!: UserErrorShape[];
}

export async function orderPayload(ctx: GraphContext, result: { readonly kind: string; readonly orderId: string } | Refusal<OrdersErrorCode>): Promise<OrderPayload> {
  if (!('orderId' in result)) return { order: null, userErrors: toErrors(result, ctx) };
  return { order: (await orderById(ctx).load(result.orderId)) as OrderType | null, userErrors: [] };
}
