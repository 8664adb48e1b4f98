import type { EntityManager } from '@mikro-orm/postgresql';
import { system } from '../../domain/actor.js';
import type { SalesOrderRow } from '../../entities/sales-order.entity.js';
import { advanceOrder } from '../life/advance-order.js';
import { raiseException, resolveExceptions } from '../life/exceptions.js';
import { followParcels } from '../shipping/follow-parcels.js';
import { note } from '../life/timeline.js';

/** Units of a SKU, and where they lie. */
export interface HeldUnits { readonly skuId: string; readonly quantity: number; readonly locationId?: string | undefined }

/** Takes inventory's answer into the order, which the caller has locked: its stock is held, or some SKUs are short. */
export async function settleStock(em: EntityManager, order: SalesOrderRow | undefined, answer: { readonly kind: 'held'; readonly units: readonly HeldUnits[] } | { readonly kind: 'short'; readonly skuIds: string[] }): Promise<void> {
  if (order !== undefined && answer.kind === 'held') await keepPlaces(em, order, answer.units);
  // A cancelled order does not care: inventory hears of the cancellation and gives the units back.
  // One of our own has been answered by the call that placed it.
  if (order === undefined || order.source === 'OWN' || order.status === 'CANCELLED' || order.stockState === 'HELD') return;
  const change = { at: new Date(), by: system('inventory') };
  if (answer.kind === 'held') {
    // Only one that was short has something to resolve.
    if (order.stockState === 'SHORT') await resolveExceptions(em, order, ['STOCK_SHORT'], change);
    order.stockState = 'HELD';
    // The channel may have said long ago that it is on its way.
    await followParcels(em, order, change);
  } else {
    // One that waits is asked for again and again: only the first answer is news.
    if (order.stockState !== 'SHORT') note(em, order, change, 'STOCK_SHORT', { skuIds: answer.skuIds });
    order.stockState = 'SHORT';
    await raiseException(em, order, 'STOCK_SHORT', answer.skuIds, change);
  }
  await advanceOrder(em, order, change);
}

/** Only where they lie in several places: else nothing follows from it. What is told again stands in place of what was told before. */
async function keepPlaces(em: EntityManager, { id, tenantId }: SalesOrderRow, units: readonly HeldUnits[]): Promise<void> {
  if (new Set(units.flatMap(({ locationId }) => locationId ?? [])).size < 2) return;
  await em.execute('delete from order_place where order_id = ?', [id]);
  await em.execute(
    `insert into order_place (order_id, sku_id, location_id, tenant_id, quantity)
     select ?, u."skuId", u."locationId", ?, sum(u.quantity) from jsonb_to_recordset(?::jsonb) as u ("skuId" text, "locationId" text, quantity int) where u."locationId" is not null group by 2, 3`, [id, tenantId, JSON.stringify(units)]);
}
