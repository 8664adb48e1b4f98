import type { EntityManager } from '@mikro-orm/postgresql';
import { StockException } from '../../entities/stock-exception.entity.js';
import { raiseStockExceptions, resolveStockExceptions } from './stock-exceptions.js';

/** Orders that an alert names; the rest is read from the graph. */
const NAMED = 20;

interface Deficit { readonly id: string; readonly skuId: string; readonly locationId: string; readonly bucket: string; readonly deficit: number; readonly holds: readonly { readonly key: string }[] }

/** Tells of each level where more is promised than there is, with the orders to release, and of each where that is over; three statements at most. */
export async function tellDeficits(em: EntityManager, tenantId: string, skuIds: readonly string[]): Promise<void> {
  const levels = await em.execute<Deficit[]>(
    `select id, sku_id as "skuId", location_id as "locationId", bucket, deficit, holds_to_release(id, deficit) as holds
     from stock_level where tenant_id = ? and deficit > 0 and sku_id in (select jsonb_array_elements_text(?::jsonb))`, [tenantId, JSON.stringify(skuIds)]);
  const open = await em.find(StockException, { tenantId, code: 'STOCK_DEFICIT', state: 'OPEN', skuId: { $in: [...skuIds] } }, { disableIdentityMap: true });
  const short = new Set(levels.map(({ id }) => id));
  await resolveStockExceptions(em, tenantId, open.filter(({ figures }) => !short.has(String(figures.stockLevelId))).map(({ skuId, locationId, figures }) => ({
    code: 'STOCK_DEFICIT' as const, skuId: skuId!, locationId: locationId!, channelId: null, part: String(figures.bucket),
  })));
  await raiseStockExceptions(em, tenantId, levels.map(({ id, skuId, locationId, bucket, deficit, holds }) => ({
    code: 'STOCK_DEFICIT' as const, skuId, locationId, channelId: null, part: bucket,
    figures: { stockLevelId: id, bucket, deficit, orders: holds.slice(0, NAMED).map(({ key }) => key).join(', ') },
  })));
}
