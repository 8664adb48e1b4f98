import { parseId } from '@quanyu/ids';
import { fromMoneyInput, MoneyInput, type GraphContext } from '@quanyu/subgraph';
import { Arg, Ctx, Field, ID, InputType, Mutation, registerEnumType, Resolver } from 'type-graphql';
import { ONLINE_PROVIDERS } from '@quanyu/calls';
import { cancelOrder } from '../commands/life/cancel-order.js';
import { recordPayment } from '../commands/payment/record-payment.js';
import { startPayment } from '../commands/payment/start-payment.js';
import { paymentsByOrder } from '../queries/order-desk.js';
import { orderById } from '../queries/orders.js';
import { OrderDeedInput } from './order-deeds.mutation.js';
import { enumOf, type OrderType } from './order.type.js';
import { OrderPayload, orderPayload, toErrors } from './orders-user-error.type.js';
import { toPayment } from './selling.resolver.js';
import { StartPaymentPayload } from './selling.type.js';

const OnlineProviderEnum = enumOf(ONLINE_PROVIDERS);
registerEnumType(OnlineProviderEnum, { name: 'OnlineProvider', description: 'Platforms that a buyer can pay with.' });

@InputType()
class StartPaymentInput {
  @Field(() => ID) orderId!: string;
  @Field(() => OnlineProviderEnum) provider!: (typeof ONLINE_PROVIDERS)[number];
  @Field(() => String, { nullable: true, description: "The payer's id at the platform (an openid), where it asks for one; not kept." }) payerId?: string | null;
}

@InputType()
class CancelOrderInput extends OrderDeedInput {
  @Field(() => String, { nullable: true, description: 'For staff, of `stepUp`, where something was paid: REFUND of the order. A buyer needs none.' }) stepUpToken?: string | null;
}

@InputType()
class RecordPaymentInput extends OrderDeedInput {
  @Field(() => MoneyInput, { description: 'What came in: exactly what the order costs.' }) amount!: MoneyInput;
  @Field({ description: 'By which it can be found again: of a receipt, of a transfer; no personal data.' }) reference!: string;
}

@Resolver()
export class PaymentMutations {
  @Mutation(() => StartPaymentPayload, { description: 'Opens a payment at its platform. Asked again it is the same payment.' })
  async startPayment(@Arg('input', () => StartPaymentInput) { orderId, provider, payerId }: StartPaymentInput, @Ctx() ctx: GraphContext): Promise<StartPaymentPayload> {
    ctx.viewer.must('orders:buy');
    ctx.deps.doorLoad.note(1);
    const result = await startPayment(ctx, { orderId: parseId('ord', orderId), provider, payerId: payerId ?? null });
    if (result.kind === 'refused') return { order: null, payment: null, userErrors: toErrors(result, ctx) };
    const payment = (await paymentsByOrder(ctx).load(result.orderId)).find(({ id }) => id === result.paymentId)!;
    return { order: (await orderById(ctx).load(result.orderId)) as OrderType | null, payment: toPayment(payment), userErrors: [] };
  }

  @Mutation(() => OrderPayload, { description: 'Says that an order was paid by other means: in cash, by transfer.' })
  async recordPayment(@Arg('input', () => RecordPaymentInput) { orderId, amount, ...input }: RecordPaymentInput, @Ctx() ctx: GraphContext): Promise<OrderPayload> {
    ctx.viewer.must('orders:write');
    ctx.deps.doorLoad.note(1);
    const { amountMinor, currency } = fromMoneyInput(amount);
    return orderPayload(ctx, await recordPayment(ctx, { ...input, amountMinor, currency, orderId: parseId('ord', orderId) }));
  }

  @Mutation(() => OrderPayload, { description: 'Gives an order of our own up before it is shipped; what was paid goes back.' })
  async cancelOrder(@Arg('input', () => CancelOrderInput) { orderId, ...input }: CancelOrderInput, @Ctx() ctx: GraphContext): Promise<OrderPayload> {
    ctx.viewer.must('orders:buy');
    return orderPayload(ctx, await cancelOrder(ctx, { ...input, orderId: parseId('ord', orderId) }));
  }
}
