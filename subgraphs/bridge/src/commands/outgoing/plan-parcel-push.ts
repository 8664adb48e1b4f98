import { afterCommit } from '@quanyu/database';
import type { EventOf, orderShipped } from '@quanyu/events';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { log } from '@quanyu/telemetry';
import { payingChannelIn } from '../../queries/paying-channel.js';

export const PUSH_PARCEL = 'bridge.push-parcel';

/**
 * Keeps that a channel is to be told of a parcel, once for each number of an order. What the channel told us is not told
 * back, nor what has no number.
 */
export async function planParcelPush(em: EntityManager, { jobs, vault }: Pick<SubgraphDeps, 'jobs' | 'vault'>, tenantId: string, parcel: EventOf<typeof orderShipped>['data']): Promise<void> {
  const { parcelId, connectionId, orderId, externalOrderId, trackingNumber, carrier, lines, complete, shippedAt, by, service = null } = parcel;
  if (by === 'CHANNEL' || trackingNumber === null || trackingNumber === '') return;
  const planned = await em.execute<unknown[]>(
    `insert into parcel_push (id, tenant_id, connection_id, order_id, external_order_id, tracking_number, carrier, lines, shipped_at, service)
     select ?, ?, c.id, ?, ?, ?, ?, ?::jsonb, ?, ? from channel_connection c where c.id = ? on conflict do nothing returning 1`,
    // A parcel that leaves nothing behind holds all that is left, whatever the channel calls its lines.
    [parcelId, tenantId, orderId, externalOrderId, trackingNumber, carrier ?? 'OTHER', complete ? null : JSON.stringify(lines.map(({ externalLineId, quantity }) => ({ externalLineId, quantity }))), shippedAt, service, connectionId]);
  // A shop that has the order from us tells its buyer, and is told whole orders only: it calls their lines otherwise.
  if (complete) await em.execute(
    `insert into parcel_push (id, tenant_id, connection_id, order_id, external_order_id, tracking_number, carrier, lines, shipped_at, service)
     select ? || '_' || s.connection_id, s.tenant_id, s.connection_id, s.subject_id, s.external_id, ?, ?, null, ?, ? from shop_copy s
     where s.tenant_id = ? and s.purpose = 'ORDER' and s.subject_id = ? and s.external_id is not null on conflict do nothing`, [parcelId, trackingNumber, carrier ?? 'OTHER', shippedAt, service, tenantId, orderId]);
  await planPaidParcels(em, { jobs, vault }, tenantId, parcel);
  if (planned.length > 0) afterCommit(em, () => { void ask(jobs, { tenantId, parcelId, connectionId }); });
}

const PLATFORM_OF = { WECHAT_PAY: 'WECHAT' } as const;

/** Money that was paid to us at a platform stays frozen there until it knows that the goods were sent. It knows the order by its payment. */
async function planPaidParcels(em: EntityManager, { jobs, vault }: Pick<SubgraphDeps, 'jobs' | 'vault'>, tenantId: string, parcel: EventOf<typeof orderShipped>['data']): Promise<void> {
  const { parcelId, connectionId, orderId, trackingNumber, carrier, complete, shippedAt, payments = [], sealedContact = null } = parcel;
  for (const { paymentId, provider } of payments) {
    const channel = await payingChannelIn(em, { tenantId, connectionId, platform: PLATFORM_OF[provider] });
    if (channel === null) continue;
    const id = `${parcelId}_${paymentId}`;
    const contact = sealedContact && vault.seal(vault.open(sealedContact, { tenantId, row: parcelId, field: 'contact' }), { tenantId, row: id, field: 'contact' });
    const planned = await em.execute<unknown[]>(
      `insert into parcel_push (id, tenant_id, connection_id, order_id, external_order_id, tracking_number, carrier, lines, shipped_at, sealed_contact)
       values (?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?, ?) on conflict do nothing returning 1`, [id, tenantId, channel, orderId, paymentId, trackingNumber, carrier ?? 'OTHER', complete ? null : '[]', shippedAt, contact]);
    if (planned.length > 0) afterCommit(em, () => { void ask(jobs, { tenantId, parcelId: id, connectionId: channel }); });
  }
}

/** Never fails: the row is the truth, and what is due is found from it. */
async function ask(jobs: SubgraphDeps['jobs'], ref: { readonly tenantId: string; readonly parcelId: string; readonly connectionId: string }): Promise<void> {
  try {
    await jobs.enqueue(PUSH_PARCEL, { ...ref }, { jobId: ref.parcelId });
  } catch (error) {
    log.warn('parcel waits until it is found due', { tenantId: ref.tenantId, connectionId: ref.connectionId, jobName: PUSH_PARCEL, error });
  }
}
