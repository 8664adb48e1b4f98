import { channelLeft } from '@quanyu/events';
import { record } from '@quanyu/outbox';
import { refuse, type GraphContext, type Refusal, type SubgraphDeps } from '@quanyu/subgraph';
import type { BridgeErrorCode } from '../../errors.js';
import type { Platform } from '../../channels/channels.js';
import type { StreamRef } from '../../queries/due-streams.js';
import { keepGone } from '../sync/keep-listed.js';
import { lockChannel } from './lock-channel.js';

const BATCH = 500;

/**
 * Leaves a channel for good: nothing is taken from it or told to it any more, and its keys, tokens and secrets are
 * forgotten at once. What it told us of its goods and customers goes by a job. Orders and their books stay.
 */
export function leaveChannel(ctx: GraphContext, { channelId, reason: text }: { readonly channelId: string; readonly reason: string }): Promise<{ readonly kind: 'left' } | Refusal<BridgeErrorCode>> {
  const { tenantId, subjectId: actorId } = ctx.viewer;
  return ctx.write('leave-channel', async (em) => {
    const channel = await lockChannel(em, ctx.viewer, channelId);
    if (channel === null) return refuse('CHANNEL_NOT_FOUND', 'channelId');
    const reason = text.trim();
    if (reason === '' || reason.length > 200) return refuse('REASON_INVALID', 'reason');
    const left = await em.execute<unknown[]>(
      `update channel_connection set status = 'DISABLED', sealed_account = null, sealed_secrets = '[]'::jsonb, settings = '{}'::jsonb, flows = '[]'::jsonb, webhook_topics = null,
         token_expires_at = null, token_renew_at = null, left_at = app_now(), cleaned_at = null where id = ? and left_at is null returning 1`, [channelId]);
    if (left.length > 0) record(em, channelLeft({ tenantId, sequence: Date.now(), data: { connectionId: channelId, platform: channel.platform, name: channel.name, actorId, reason } }));
    return { kind: 'left' };
  });
}

/** Takes away what a channel that was left told us of itself: its goods and customers, with a fact for each, and the bodies of its webhooks. In small batches. */
export async function cleanLeftChannel({ database }: Pick<SubgraphDeps, 'database'>, { tenantId, connectionId }: StreamRef): Promise<void> {
  for (let isOver = false; !isOver;) {
    isOver = await database.write(tenantId, 'clean-left-channel', async (em) => {
      const [channel] = await em.execute<{ platform: Platform; at: string }[]>(
        `select platform, to_char(app_now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at from channel_connection where id = ? and left_at is not null and cleaned_at is null for update`, [connectionId]);
      if (channel === undefined) return true;
      const source = { tenantId, connectionId, platform: channel.platform };
      const gone = await keepGone(em, source, 'GOODS', new Date(channel.at), BATCH) + await keepGone(em, source, 'CUSTOMERS', new Date(channel.at), BATCH);
      const bodies = await em.execute<unknown[]>(
        `update delivery set sealed_body = null where id in (select id from delivery where connection_id = ? and sealed_body is not null and state in ('DONE', 'IGNORED', 'DEAD') limit ${BATCH}) returning 1`, [connectionId]);
      if (gone + bodies.length > 0) return false;
      // What it told before it was left is still worked on, and may name goods or customers once more.
      await em.execute("update channel_connection c set cleaned_at = app_now() where id = ? and not exists (select from delivery d where d.connection_id = c.id and d.state in ('RECEIVED', 'VERIFIED', 'PROCESSING', 'FAILED'))", [connectionId]);
      return true;
    });
  }
}
