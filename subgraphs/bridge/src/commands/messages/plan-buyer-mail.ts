import type { EntityManager } from '@mikro-orm/postgresql';
import { newId } from '@quanyu/ids';
import type { BuyerNews } from '../../domain/buyer-mail.js';

/** Keeps that a buyer is to be written to: once for each piece of news of an order. */
export async function planBuyerMail(em: EntityManager, tenantId: string, { orderId, news, trackingNumber }: BuyerNews): Promise<void> {
  await em.execute('insert into buyer_mail (id, tenant_id, order_id, news, tracking_number) values (?, ?, ?, ?, ?) on conflict do nothing', [newId('bml'), tenantId, orderId, news, trackingNumber]);
}

/** The same, for an order that a shop was to tell of which does not answer now: else the shop tells. */
export async function planBuyerMailWhileDown(em: EntityManager, tenantId: string, told: BuyerNews): Promise<void> {
  const down = await em.execute<unknown[]>(
    `select 1 from shop_copy s join copy_lane l on l.connection_id = s.connection_id
     where s.tenant_id = ? and s.purpose = 'ORDER' and s.subject_id = ? and l.failing_since is not null limit 1`, [tenantId, told.orderId]);
  if (down.length > 0) await planBuyerMail(em, tenantId, told);
}
