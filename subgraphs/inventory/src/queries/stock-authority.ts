import { defineLoader } from '@quanyu/subgraph';
import type { OutsideFigure } from '../domain/follow-outside.js';

export interface StockAuthority { readonly connectionId: string; readonly figure: OutsideFigure }

/** What a location follows; null where it counts for itself. */
export const authorityOfLocation = defineLoader<string, StockAuthority>(async (ctx, ids) => {
  const rows = await ctx.read((em) => em.execute<(StockAuthority & { id: string })[]>(
    'select location_id as id, connection_id as "connectionId", figure from stock_authority where tenant_id = ? and location_id in (select jsonb_array_elements_text(?::jsonb))', [ctx.viewer.tenantId, JSON.stringify(ids)]));
  return new Map(rows.map((row) => [row.id, row]));
});
