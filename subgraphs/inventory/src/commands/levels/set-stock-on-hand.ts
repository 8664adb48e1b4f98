import { once, refuse, type GraphContext, type Refusal } from '@quanyu/subgraph';
import type { InventoryErrorCode } from '../../errors.js';
import { changeStock } from './change-stock.js';
import { ensureLocation } from './ensure-location.js';

export interface SetStockOnHand {
  readonly skuId: string;
  readonly locationCode: string;
  readonly onHand: number;
  /** The version that the caller has seen; null when they expect that there is no level yet, or do not mind. */
  readonly expectedVersion: number | null;
  readonly idempotencyKey: string;
}

export type StockSet = { readonly kind: 'set'; readonly stockLevelId: string };

/** Sets the counted quantity of a SKU at a location. Less than is promised raises a deficit, and tells of it. */
export function setStockOnHand(ctx: GraphContext, input: SetStockOnHand): Promise<StockSet | Refusal<InventoryErrorCode>> {
  const { tenantId, subjectId } = ctx.viewer;
  return ctx.write('set-stock-on-hand', (em) => once(em, tenantId, { mutation: 'setStockOnHand', key: input.idempotencyKey, input }, async () => {
    const location = await ensureLocation(em, tenantId, input.locationCode);
    const { skuId, onHand, expectedVersion } = input;
    const [outcome] = await changeStock(em, { tenantId, changes: [{ skuId, locationId: location.id, reason: 'COUNT', onHand: { to: onHand }, expectedVersion, actor: subjectId }] });
    return outcome!.kind === 'refused' ? refuse(outcome!.code, outcome!.field) : { kind: 'set', stockLevelId: outcome!.stockLevelId };
  }));
}
