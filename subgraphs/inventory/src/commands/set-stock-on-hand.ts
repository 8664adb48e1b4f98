import { LockMode } from '@mikro-orm/core';
import { newId } from '@quanyu/ids';
import { once, refuse, type GraphContext, type Refusal } from '@quanyu/subgraph';
import { StockLevel } from '../entities/stock-level.entity.js';
import type { InventoryErrorCode } from '../errors.js';
import { ensureLocation } from './ensure-location.js';
import { recordLevel } from './record-level.js';

export interface SetStockOnHand {
  readonly skuId: string;
  readonly locationCode: string;
  readonly onHand: number;
  /** The version that the caller has seen; null when they expect that there is no level yet, or do not mind. */
  readonly expectedVersion: number | null;
  readonly idempotencyKey: string;
}

export type StockSet = { readonly kind: 'set'; readonly stockLevelId: string };

/** Sets the counted quantity of a SKU at a location. */
export function setStockOnHand(ctx: GraphContext, input: SetStockOnHand): Promise<StockSet | Refusal<InventoryErrorCode>> {
  const { tenantId } = ctx.viewer;
  return ctx.write('set-stock-on-hand', (em) => once(em, tenantId, { mutation: 'setStockOnHand', key: input.idempotencyKey, input }, async () => {
    if (input.onHand < 0) return refuse('QUANTITY_INVALID', 'onHand');
    const location = await ensureLocation(em, tenantId, input.locationCode);
    await em.execute(
      'insert into stock_level (id, tenant_id, sku_id, location_id, on_hand, version) values (?, ?, ?, ?, 0, 0) on conflict do nothing',
      [newId('stk'), tenantId, input.skuId, location.id]);
    const level = await em.findOneOrFail(StockLevel, { tenantId, skuId: input.skuId, locationId: location.id }, { lockMode: LockMode.PESSIMISTIC_WRITE });
    if (input.expectedVersion !== null && level.version !== input.expectedVersion) return refuse('VERSION_CONFLICT', 'expectedVersion');
    if (input.onHand < level.reserved) return refuse('BELOW_RESERVED', 'onHand');
    level.onHand = input.onHand;
    recordLevel(em, level, new Date());
    return { kind: 'set', stockLevelId: level.id };
  }));
}
