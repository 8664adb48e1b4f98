import { once, refuse, type GraphContext, type Refusal } from '@quanyu/subgraph';
import type { AdjustReason } from '../../domain/adjust-reasons.js';
import type { InventoryErrorCode } from '../../errors.js';
import { changeStock, type StockChange } from './change-stock.js';

export interface AdjustStock {
  readonly skuId: string;
  readonly locationId: string;
  readonly bucket: string;
  readonly reason: AdjustReason;
  /** Added to each quantity; null or 0 leaves it. */
  readonly onHandBy: number | null;
  readonly unavailableBy: number | null;
  readonly incomingBy: number | null;
  /** Set, since it is a promise and no count. */
  readonly allowance: number | null;
  readonly expectedVersion: number | null;
  readonly note: string | null;
  readonly idempotencyKey: string;
}

export interface TransferStock {
  readonly skuId: string;
  readonly fromLocationId: string;
  readonly toLocationId: string;
  readonly quantity: number;
  readonly expectedVersion: number | null;
  readonly note: string | null;
  readonly idempotencyKey: string;
}

export type StockAdjusted = { readonly kind: 'adjusted'; readonly stockLevelId: string; readonly toStockLevelId: string | null };

const by = (amount: number | null): { by: number } | undefined => (amount === null ? undefined : { by: amount });

/** Changes what there is of a SKU at a location, with its reason. Leaves what is promised: only a count may find less. */
export function adjustStock(ctx: GraphContext, input: AdjustStock): Promise<StockAdjusted | Refusal<InventoryErrorCode>> {
  const { skuId, locationId, bucket, reason, expectedVersion, note } = input;
  const onHand = by(input.onHandBy);
  const unavailable = by(input.unavailableBy);
  const incoming = by(input.incomingBy);
  return change(ctx, 'adjustStock', input, {
    skuId, locationId, bucket, reason, expectedVersion, note, actor: ctx.viewer.subjectId,
    ...(onHand && { onHand }), ...(unavailable && { unavailable }), ...(incoming && { incoming }), ...(input.allowance !== null && { allowance: { to: input.allowance } }),
  });
}

/** Moves free units of a SKU to another location. */
export const transferStock = (ctx: GraphContext, input: TransferStock): Promise<StockAdjusted | Refusal<InventoryErrorCode>> => change(ctx, 'transferStock', input, {
  skuId: input.skuId, locationId: input.fromLocationId, reason: 'TRANSFER', quantity: input.quantity, to: { locationId: input.toLocationId },
  expectedVersion: input.expectedVersion, note: input.note, actor: ctx.viewer.subjectId,
});

function change(ctx: GraphContext, mutation: string, input: { readonly idempotencyKey: string }, wanted: StockChange): Promise<StockAdjusted | Refusal<InventoryErrorCode>> {
  const { tenantId } = ctx.viewer;
  return ctx.write(mutation === 'adjustStock' ? 'adjust-stock' : 'transfer-stock', (em) => once(em, tenantId, { mutation, key: input.idempotencyKey, input }, async () => {
    const [outcome] = await changeStock(em, { tenantId, changes: [wanted] });
    return outcome!.kind === 'refused' ? refuse(outcome!.code, outcome!.field) : { kind: 'adjusted', stockLevelId: outcome!.stockLevelId, toStockLevelId: outcome!.toStockLevelId };
  }));
}
