import { newId } from '@quanyu/ids';
import { refuse, type GraphContext, type Refusal } from '@quanyu/subgraph';
import { faultOfPolicy, type StockPolicy } from '../../domain/stock-scope.js';
import type { InventoryErrorCode } from '../../errors.js';
import { markScopeDue } from './mark-publish-due.js';
import type { RuleSet } from './set-allocation-rule.js';

/** Sets a policy whole: what is null comes from a wider one. `expectedVersion` 0 expects that there is none yet. */
export function setStockPolicy(ctx: GraphContext, policy: StockPolicy, expectedVersion: number | null): Promise<RuleSet | Refusal<InventoryErrorCode>> {
  const { viewer: { tenantId }, viewer, deps } = ctx;
  return ctx.write('set-stock-policy', async (em) => {
    if (viewer.channels !== 'all') return refuse('NEEDS_ALL_CHANNELS');
    const fault = faultOfPolicy(policy);
    if (fault !== null) return refuse(fault.code, fault.field);
    const [set] = await em.execute<{ id: string }[]>(
      `insert into stock_policy as p (id, tenant_id, category, sku_id, safety_stock, low_stock_threshold, low_stock_margin, main_channel_only_below)
       select ?, ?, ?, ?, ?::int, ?::int, ?::int, ?::int
       where coalesce(?::int, 0) = 0 or exists (select from stock_policy where tenant_id = ? and (category, sku_id) is not distinct from (?::text, ?::text))
       on conflict (tenant_id, category, sku_id) do update
         set safety_stock = excluded.safety_stock, low_stock_threshold = excluded.low_stock_threshold, low_stock_margin = excluded.low_stock_margin,
             main_channel_only_below = excluded.main_channel_only_below, version = p.version + 1, updated_at = app_now()
         where ?::int is null or p.version = ?
       returning id`,
      [newId('pol'), tenantId, policy.category, policy.skuId, policy.safetyStock, policy.lowStockThreshold, policy.lowStockMargin, policy.mainChannelOnlyBelow,
        expectedVersion, tenantId, policy.category, policy.skuId, expectedVersion, expectedVersion]);
    if (set === undefined) return refuse('VERSION_CONFLICT', 'expectedVersion');
    await markScopeDue(em, tenantId, policy, deps.jobs);
    return { kind: 'set', id: set.id };
  });
}
