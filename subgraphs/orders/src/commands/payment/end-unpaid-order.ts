import { settleReservation } from '@quanyu/calls';
import { system } from '../../domain/actor.js';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { endOrder } from '../life/cancel-order.js';
import type { OrderRef } from '../life/complete-order.js';
import { lockOrder } from '../life/load-order.js';

type Deps = Pick<SubgraphDeps, 'database' | 'calls' | 'jobs'>;

/** A buyer who is at the platform at this moment gets so much longer, once. */
export const EXTENSION_MINUTES = 5;

/**
 * The time to pay has passed: the order ends, and its stock is free. Where a payment is in progress its hold is made
 * longer first, once. Whoever pays in between wins: both wait for the order's row.
 */
export async function endUnpaidOrder({ database, calls, jobs }: Deps, { tenantId, orderId }: OrderRef): Promise<void> {
  const due = await database.read(tenantId, (em) => em.execute<{ may_extend: boolean }[]>(
    `select not hold_extended and exists (select 1 from payment p where p.order_id = o.id and p.state in ('STARTING', 'STARTED')) as may_extend
     from sales_order o where id = ? and status = 'PENDING_PAYMENT' and paid_at is null and pay_by <= app_now()`, [orderId]));
  if (due[0] === undefined) return;
  if (due[0].may_extend) {
    const longer = await calls.invoke(settleReservation, { deed: 'EXTEND', tenantId, key: orderId, minutes: EXTENSION_MINUTES });
    if (longer.kind === 'refused' && longer.retryable) return;
    if (longer.kind === 'done' && longer.state === 'HELD') {
      await database.write(tenantId, 'extend-hold', (em) => em.execute(
        "update sales_order set pay_by = coalesce(?, pay_by), hold_extended = true, version = version + 1 where id = ? and status = 'PENDING_PAYMENT' and paid_at is null and not hold_extended", [longer.expiresAt, orderId]));
      return;
    }
  }
  await database.write(tenantId, 'end-unpaid-order', async (em) => {
    const [still] = await em.execute<unknown[]>("select 1 from sales_order where id = ? and status = 'PENDING_PAYMENT' and paid_at is null and pay_by <= app_now() for update", [orderId]);
    if (still === undefined) return;
    await endOrder(em, jobs, (await lockOrder(em, orderId))!, 'PAYMENT_TIMEOUT', { at: new Date(), by: system('orders.end-unpaid-order') });
  });
}
