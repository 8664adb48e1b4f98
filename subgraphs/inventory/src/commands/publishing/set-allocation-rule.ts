import { newId } from '@quanyu/ids';
import { refuse, type GraphContext, type Refusal } from '@quanyu/subgraph';
import { faultOfRule, type AllocationRule } from '../../domain/stock-scope.js';
import type { InventoryErrorCode } from '../../errors.js';
import { markScopeDue } from './mark-publish-due.js';

export type RuleSet = { readonly kind: 'set'; readonly id: string };

/** Sets a rule whole: what is null comes from a wider rule. `expectedVersion` 0 expects that there is none yet. */
export function setAllocationRule(ctx: GraphContext, rule: AllocationRule, expectedVersion: number | null): Promise<RuleSet | Refusal<InventoryErrorCode>> {
  const { viewer: { tenantId }, viewer, deps } = ctx;
  return ctx.write('set-allocation-rule', async (em) => {
    if (rule.channelId === null && viewer.channels !== 'all') return refuse('NEEDS_ALL_CHANNELS', 'channelId');
    if (rule.channelId !== null && !viewer.seesChannel(rule.channelId)) return refuse('CHANNEL_NOT_FOUND', 'channelId');
    const fault = faultOfRule(rule);
    if (fault !== null) return refuse(fault.code, fault.field);
    const [set] = await em.execute<{ id: string }[]>(
      `insert into allocation_rule as r (id, tenant_id, channel_id, category, sku_id, ratio_scaled, rounding, max_oversell_units, max_oversell_percent, min_publish)
       select ?, ?, ?, ?, ?, ?::int, ?, ?::int, ?::int, ?::int
       where coalesce(?::int, 0) = 0 or exists (select from allocation_rule
         where tenant_id = ? and (channel_id, category, sku_id) is not distinct from (?::text, ?::text, ?::text))
       on conflict (tenant_id, channel_id, category, sku_id) do update
         set ratio_scaled = excluded.ratio_scaled, rounding = excluded.rounding, max_oversell_units = excluded.max_oversell_units,
             max_oversell_percent = excluded.max_oversell_percent, min_publish = excluded.min_publish, version = r.version + 1, updated_at = app_now()
         where ?::int is null or r.version = ?
       returning id`,
      [newId('alc'), tenantId, rule.channelId, rule.category, rule.skuId, rule.ratioScaled, rule.rounding, rule.maxOversellUnits, rule.maxOversellPercent, rule.minPublish,
        expectedVersion, tenantId, rule.channelId, rule.category, rule.skuId, expectedVersion, expectedVersion]);
    if (set === undefined) return refuse('VERSION_CONFLICT', 'expectedVersion');
    await markScopeDue(em, tenantId, rule, deps.jobs);
    return { kind: 'set', id: set.id };
  });
}
