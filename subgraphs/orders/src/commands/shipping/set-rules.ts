import { refuse, type GraphContext, type Refusal } from '@quanyu/subgraph';
import type { OrdersErrorCode } from '../../errors.js';

type Outcome = { readonly kind: 'done' } | Refusal<OrdersErrorCode>;
const MOST_DAYS = 180;

/** After how many days a channel's shipped orders count as completed; those that are shipped already keep their day. */
export async function setChannelRule(ctx: GraphContext, { connectionId, completeDays }: { readonly connectionId: string; readonly completeDays: number }): Promise<Outcome> {
  if (!ctx.viewer.seesChannel(connectionId)) return refuse('CHANNEL_NOT_FOUND', 'channelId');
  if (!Number.isInteger(completeDays) || completeDays < 1 || completeDays > MOST_DAYS) return refuse('RULE_INVALID', 'completeDays');
  await ctx.write('set-channel-rule', (em) => em.execute(
    'insert into channel_rule (tenant_id, connection_id, complete_days) values (?, ?, ?) on conflict (tenant_id, connection_id) do update set complete_days = excluded.complete_days', [ctx.viewer.tenantId, connectionId, completeDays]));
  return { kind: 'done' };
}

/** From which sum on a second person has to agree to a refund; those that wait already wait on. */
export async function setRefundRule(ctx: GraphContext, { fourEyesFromMinor, currency }: { readonly fourEyesFromMinor: number; readonly currency: string }): Promise<Outcome> {
  if (fourEyesFromMinor < 0) return refuse('AMOUNT_TOO_LARGE', 'fourEyesFrom');
  await ctx.write('set-refund-rule', (em) => em.execute(
    'insert into refund_rule (tenant_id, currency, four_eyes_from_minor) values (?, ?, ?) on conflict (tenant_id, currency) do update set four_eyes_from_minor = excluded.four_eyes_from_minor', [ctx.viewer.tenantId, currency, fourEyesFromMinor]));
  return { kind: 'done' };
}

/** Until when a SKU is sold before it is there; null: it is there. */
export async function setPreSale(ctx: GraphContext, { skuId, shipsFrom }: { readonly skuId: string; readonly shipsFrom: Date | null }): Promise<Outcome> {
  const { tenantId } = ctx.viewer;
  await ctx.write('set-pre-sale', (em) => (shipsFrom === null
    ? em.execute('delete from pre_sale where tenant_id = ? and sku_id = ?', [tenantId, skuId])
    : em.execute('insert into pre_sale (tenant_id, sku_id, ships_from) values (?, ?, ?) on conflict (tenant_id, sku_id) do update set ships_from = excluded.ships_from', [tenantId, skuId, shipsFrom])));
  return { kind: 'done' };
}
