import type { EntityManager } from '@mikro-orm/postgresql';
import { refuse, type GraphContext, type Refusal } from '@quanyu/subgraph';
import { log } from '@quanyu/telemetry';
import { Payment } from '../../entities/payment.entity.js';
import { SalesOrder, type SalesOrderRow } from '../../entities/sales-order.entity.js';
import type { OrdersErrorCode } from '../../errors.js';
import { closePayment } from './close-payment.js';
import { lockOrder } from '../life/load-order.js';
import { editRefusal, type OrderEditAsk } from '../life/plan-order-edit.js';

type Ended = { readonly kind: 'ended'; /** Of the order, after it. */ readonly version: number } | Refusal<OrdersErrorCode>;

/** Whether somebody may be paying for it at this moment. */
export const hasOpenPayment = async (em: EntityManager, order: SalesOrderRow): Promise<boolean> => (await em.count(Payment, { orderId: order.id, state: { $in: ['STARTING', 'STARTED', 'CLOSING'] } })) > 0;

/**
 * Ends at their platforms what was begun to be paid of an unpaid order, so that nobody pays the sum that it cost before.
 * A platform that was paid meanwhile says so, and the order is paid then; one that does not answer leaves the order as it
 * is, and is asked again by itself.
 */
export async function endOpenPayments(ctx: GraphContext, ask: OrderEditAsk): Promise<Ended> {
  const { tenantId } = ctx.viewer;
  const begun = await ctx.write('end-open-payments', async (em) => {
    const order = (await lockOrder(em, ask.orderId))!;
    const refusal = editRefusal(order, ask);
    if (refusal !== null) return refusal;
    const [time] = await em.execute<{ over: boolean }[]>('select coalesce(pay_by <= app_now(), false) as over from sales_order where id = ?', [order.id]);
    if (time!.over) return refuse<OrdersErrorCode>('PAYMENT_TIME_OVER', 'orderId');
    const open = await em.execute<{ id: string }[]>("update payment set state = 'CLOSING', next_try_at = app_now() where order_id = ? and state in ('STARTING', 'STARTED', 'CLOSING') returning id", [order.id]);
    return { kind: 'begun' as const, version: order.version, paymentIds: open.map(({ id }) => id) };
  });
  if (begun.kind === 'refused') return begun;
  for (const paymentId of begun.paymentIds) {
    await closePayment(ctx.deps, { tenantId, paymentId }).catch((error: unknown) => log.warn('a payment could not be ended', { orderId: ask.orderId, tenantId, error }));
  }
  return ctx.read(async (em) => {
    const order = await em.findOneOrFail(SalesOrder, { id: ask.orderId as never }, { disableIdentityMap: true });
    if (order.paidAt) return refuse('ALREADY_PAID', 'orderId');
    if (await hasOpenPayment(em, order)) return refuse('PROVIDER_UNAVAILABLE', 'orderId');
    // Each that was ended counts as a change of its own; anything else is somebody else's.
    return order.version === begun.version + begun.paymentIds.length ? { kind: 'ended', version: order.version } : refuse('VERSION_CONFLICT', 'expectedVersion');
  });
}
