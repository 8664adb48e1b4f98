import type { EntityManager } from '@mikro-orm/postgresql';
import { changeStock, type LevelChange } from './change-stock.js';
import { ensureLocation } from './ensure-location.js';

export interface ReturnedGoods {
  readonly tenantId: string;
  readonly orderId: string;
  readonly afterSaleId: string;
  readonly lines: readonly { readonly skuId: string; readonly quantity: number; readonly fate: 'RESTOCK' | 'SCRAP' }[];
}

/** Takes good goods of a return in again, where the order had them from. What is scrapped has left the stock when it was shipped. */
export async function takeReturned(em: EntityManager, { tenantId, orderId, afterSaleId, lines }: ReturnedGoods): Promise<void> {
  const good = lines.filter(({ fate }) => fate === 'RESTOCK');
  if (good.length === 0) return;
  const from = await em.execute<{ sku_id: string; location_id: string }[]>(
    `select distinct on (l.sku_id) l.sku_id, s.location_id from reservation r join reservation_line l on l.reservation_id = r.id join stock_level s on s.id = l.stock_level_id
     where r.tenant_id = ? and r.key = ? order by l.sku_id, l.quantity desc, s.location_id`, [tenantId, orderId]);
  const placeOf = new Map(from.map((row) => [row.sku_id, row.location_id]));
  const changes: LevelChange[] = [];
  for (const { skuId, quantity } of good) {
    const locationId = placeOf.get(skuId) ?? (await ensureLocation(em, tenantId, MAIN_LOCATION)).id;
    changes.push({ skuId, locationId, reason: 'RETURNED', onHand: { by: quantity }, reference: afterSaleId, actor: 'orders.after-sale' });
  }
  await changeStock(em, { tenantId, changes });
}

/** Where goods go of which nobody knows where they came from. */
const MAIN_LOCATION = 'main';
