import { refuse, type GraphContext, type Refusal } from '@quanyu/subgraph';
import type { BridgeErrorCode } from '../../errors.js';
import { dispatchDeliveries } from './dispatch-delivery.js';

/** Which webhooks: of one channel, that came in a range of time, with an outcome. */
export interface ReplayFilter {
  readonly channelId: string;
  readonly states: readonly ('DONE' | 'DEAD' | 'IGNORED' | 'FAILED')[];
  readonly from: Date | null;
  readonly to: Date | null;
  readonly reason: string | null;
}
export type ReplayedMany = { readonly kind: 'replayed'; readonly count: number; readonly more: boolean };

/** At once; the rest is replayed by asking again. */
const MOST = 1_000;

/** Has many webhooks of a channel worked on once more, the oldest first. */
export async function replayDeliveries(ctx: GraphContext, { channelId, states, from, to, reason }: ReplayFilter): Promise<ReplayedMany | Refusal<BridgeErrorCode>> {
  const { tenantId } = ctx.viewer;
  if (!ctx.viewer.seesChannel(channelId)) return refuse('CHANNEL_NOT_FOUND', 'channelId');
  if (states.length === 0) return refuse('FILTER_EMPTY', 'states');
  const ids = await ctx.write('replay-deliveries', async (em) => {
    const rows = await em.execute<{ id: string }[]>(
      `update delivery set state = case when signed then 'VERIFIED' else 'RECEIVED' end, reason_code = null, reason_path = null, attempts = 0, done_at = null, changed_at = app_now(), dedupe_key = coalesce(dedupe_key, 'replay ' || id)
       where id in (
         select id from delivery where tenant_id = ? and connection_id = ? and state in (select jsonb_array_elements_text(?::jsonb)) and sealed_body is not null
           and (?::timestamptz is null or received_at >= ?) and (?::timestamptz is null or received_at < ?) and (?::text is null or reason_code = ?)
         order by id limit ${MOST} for update skip locked)
       returning id`, [tenantId, channelId, JSON.stringify(states), from, from, to, to, reason, reason]);
    return rows.map(({ id }) => id);
  });
  await dispatchDeliveries(ctx.deps.jobs, ids.map((deliveryId) => ({ deliveryId, tenantId, connectionId: channelId })));
  return { kind: 'replayed', count: ids.length, more: ids.length === MOST };
}
