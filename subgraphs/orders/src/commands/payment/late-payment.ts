import { settleReservation } from '@quanyu/calls';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { system } from '../../domain/actor.js';
import { advanceOrder } from '../life/advance-order.js';
import { endOrder } from '../life/cancel-order.js';
import type { OrderRef } from '../life/complete-order.js';
import { lockOrder } from '../life/load-order.js';

/** An order was paid after its hold had ended: its stock is asked for again, and without it the money goes back. Repeats safely. */
export async function confirmLatePayment({ database, calls, jobs }: Pick<SubgraphDeps, 'database' | 'calls' | 'jobs'>, { tenantId, orderId }: OrderRef): Promise<void> {
  const answer = await calls.invoke(settleReservation, { deed: 'CONFIRM', tenantId, key: orderId });
  // Found due again in a moment.
  if (answer.kind === 'refused' && answer.retryable) return;
  await database.write(tenantId, 'confirm-late-payment', async (em) => {
    const order = await lockOrder(em, orderId);
    if (order?.status !== 'PENDING_PAYMENT' || !order.paidAt) return;
    const change = { at: new Date(), by: system('orders.confirm-late-payment') };
    if (answer.kind !== 'done') return endOrder(em, jobs, order, 'LATE_PAYMENT', change);
    order.stockState = 'HELD';
    await advanceOrder(em, order, change);
  });
}

/** Inventory could not keep what we had confirmed: it was paid in the last moment of its hold, and sold meanwhile. The order ends and the money goes back. */
export async function refuseLatePayment(em: EntityManager, jobs: SubgraphDeps['jobs'], orderId: string): Promise<void> {
  const order = await lockOrder(em, orderId);
  if (order === null || order.source !== 'OWN' || order.shipped !== 'NONE' || (order.status !== 'TO_SHIP' && order.status !== 'PENDING_PAYMENT')) return;
  await endOrder(em, jobs, order, 'LATE_PAYMENT', { at: new Date(), by: system('inventory') });
}
