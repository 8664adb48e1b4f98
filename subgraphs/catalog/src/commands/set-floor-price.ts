import { floorPriceChanged, productChanged } from '@quanyu/events';
import { record } from '@quanyu/outbox';
import { refuse, type GraphContext, type Refusal } from '@quanyu/subgraph';
import type { CatalogErrorCode } from '../errors.js';
import { lockSku } from './lock-sku.js';

export interface SetFloorPrice {
  readonly skuId: string;
  /** Null: everywhere. */
  readonly connectionId: string | null;
  readonly currency: string;
  /** Null takes the floor away. */
  readonly amountMinor: number | null;
}

/** Sets below which a SKU is not to be sold. Our own price keeps to it: a floor above that is refused, as a price below it is. */
export function setFloorPrice(ctx: GraphContext, { skuId, connectionId, currency, amountMinor }: SetFloorPrice): Promise<{ kind: 'set' } | Refusal<CatalogErrorCode>> {
  const { tenantId } = ctx.viewer;
  return ctx.write('set-floor-price', async (em) => {
    if (amountMinor !== null && amountMinor < 0) return refuse('PRICE_NEGATIVE', 'amount');
    if (connectionId !== null && !ctx.viewer.seesChannel(connectionId)) return refuse('CHANNEL_NOT_FOUND', 'channelId');
    const sku = await lockSku(em, tenantId, skuId);
    if (sku === null) return refuse('SKU_NOT_FOUND', 'skuId');
    if (connectionId === null && amountMinor !== null) {
      const [below] = await em.execute<unknown[]>("select 1 from price where sku_id = ? and kind = 'BASE' and currency = ? and amount_minor < ?", [skuId, currency, amountMinor]);
      if (below !== undefined) return refuse('FLOOR_ABOVE_PRICE', 'amount');
    }
    const [changed] = await em.execute<{ version: number }[]>(
      `insert into floor_price (tenant_id, sku_id, connection_id, currency, amount_minor) values (?, ?, ?, ?, ?)
       on conflict (sku_id, connection_id, currency) do update set amount_minor = excluded.amount_minor, version = floor_price.version + 1, updated_at = app_now()
         where floor_price.amount_minor is distinct from excluded.amount_minor
       returning version`,
      [tenantId, skuId, connectionId ?? '', currency, amountMinor]);
    if (changed === undefined) return { kind: 'set' };
    record(em, floorPriceChanged({ tenantId, sequence: changed.version, data: { skuId, connectionId, currency, amountMinor } }));
    record(em, productChanged({ tenantId, sequence: 1, data: { productId: sku.productId } }));
    return { kind: 'set' };
  });
}
