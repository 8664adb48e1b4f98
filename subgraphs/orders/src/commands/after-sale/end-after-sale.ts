import type { EntityManager } from '@mikro-orm/postgresql';
import { afterSaleChanged } from '@quanyu/events';
import { record } from '@quanyu/outbox';
import { isOpen, isVain, stageOf, type AfterSaleState } from '../../domain/after-sale.js';
import { AfterSale, type AfterSaleRow } from '../../entities/after-sale.entity.js';
import type { SalesOrderRow } from '../../entities/sales-order.entity.js';
import { note, type Change } from '../life/timeline.js';

/** Moves an after-sale on, and the order's stage with it. Order and after-sale are locked; the caller advances the order. */
export async function moveAfterSale(em: EntityManager, order: SalesOrderRow, afterSale: AfterSaleRow, state: AfterSaleState, change: Change): Promise<void> {
  afterSale.state = state;
  afterSale.version += 1;
  if (!isOpen(state)) afterSale.endedAt = change.at;
  if (isVain(state)) {
    await em.execute(
      'update order_line l set claimed_quantity = claimed_quantity - c.quantity from after_sale_line c where c.after_sale_id = ? and c.order_line_id = l.id', [afterSale.id]);
  }
  await em.flush();
  const all = await em.execute<{ state: AfterSaleState }[]>('select state from after_sale where order_id = ?', [order.id]);
  order.afterSale = stageOf(all.map((row) => row.state));
  note(em, order, change, 'AFTER_SALE_CHANGED', { afterSaleId: afterSale.id, kind: afterSale.kind, state });
  record(em, afterSaleChanged({ tenantId: order.tenantId, sequence: afterSale.version, data: { afterSaleId: afterSale.id, orderId: order.id, connectionId: order.connectionId, kind: afterSale.kind, state } }));
}

/** Its money has gone back: it is done. */
export async function closeRefundedAfterSale(em: EntityManager, order: SalesOrderRow, afterSaleId: string, change: Change): Promise<void> {
  const afterSale = await em.findOne(AfterSale, { id: afterSaleId as never });
  if (afterSale?.state === 'REFUNDING') await moveAfterSale(em, order, afterSale, 'DONE', change);
}
