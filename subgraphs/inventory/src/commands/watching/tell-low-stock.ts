import type { EntityManager } from '@mikro-orm/postgresql';
import type { SkuStock } from '../../domain/channel-quantities.js';
import { crossing } from '../../domain/low-stock.js';
import { policyOf, type StockPolicy } from '../../domain/stock-scope.js';
import { StockException } from '../../entities/stock-exception.entity.js';
import { raiseStockExceptions, resolveStockExceptions } from './stock-exceptions.js';

/** Tells of each SKU that has run low since it was last looked at, and of each that has recovered; three statements at most. */
export async function tellLowStock(em: EntityManager, tenantId: string, stock: readonly SkuStock[], policies: readonly StockPolicy[]): Promise<void> {
  const open = await em.find(StockException, { tenantId, code: 'LOW_STOCK', state: 'OPEN', skuId: { $in: stock.map(({ skuId }) => skuId) } }, { disableIdentityMap: true, fields: ['skuId'] });
  const low = new Set(open.map(({ skuId }) => skuId));
  const crossings = stock.map((sku) => {
    const { lowStockThreshold: threshold, lowStockMargin } = policyOf(policies, sku);
    return { what: crossing(low.has(sku.skuId), sku.available, threshold, lowStockMargin), code: 'LOW_STOCK' as const, skuId: sku.skuId, locationId: null, channelId: null, figures: { available: sku.available, threshold } };
  });
  await raiseStockExceptions(em, tenantId, crossings.filter(({ what }) => what === 'RAN_LOW').map(({ what: _, ...trouble }) => trouble));
  await resolveStockExceptions(em, tenantId, crossings.filter(({ what }) => what === 'RECOVERED'));
}
