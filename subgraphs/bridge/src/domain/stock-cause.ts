// What a trouble in stock is about, and what tells it from another of its kind: the same when it begins and when it ends.

export interface StockTrouble { readonly exceptionId: string; readonly skuId: string | null; readonly connectionId: string | null }

export const stockCause = ({ exceptionId, skuId, connectionId }: StockTrouble) => ({
  subjectKind: skuId === null ? 'CHANNEL' as const : 'SKU' as const,
  subjectId: skuId ?? connectionId ?? exceptionId,
  connectionId,
  // One SKU may be short at two locations: each is raised and ended by itself.
  part: exceptionId, causeId: exceptionId,
});
