import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Vault } from '@quanyu/pii';
import { OrderEarning, type OrderEarningRow } from '../entities/order-earning.entity.js';
import { ensureMember, type Customer } from './ensure-member.js';

export interface HeardOrder { readonly tenantId: string; readonly orderId: string; readonly connectionId: string }
export interface PlacedOrder extends HeardOrder { readonly customer: Customer | null; readonly seenAt: Date }

/** The order's row, made when it was not heard of, and locked: events of one order queue here. */
export async function lockEarning(em: EntityManager, { tenantId, orderId, connectionId }: HeardOrder): Promise<OrderEarningRow> {
  await em.execute("insert into order_earning (tenant_id, order_id, connection_id, state) values (?, ?, ?, 'BOUND') on conflict do nothing", [tenantId, orderId, connectionId]);
  return em.findOneOrFail(OrderEarning, { tenantId, orderId }, { lockMode: LockMode.PESSIMISTIC_WRITE });
}

/** Binds an order to its buyer; the first buyer told stays. A cancelled order keeps its member, too. */
export async function bindOrder(em: EntityManager, vault: Vault, { customer, seenAt, ...order }: PlacedOrder): Promise<OrderEarningRow> {
  const earning = await lockEarning(em, order);
  if (customer !== null) {
    const memberId = await ensureMember(em, vault, { tenantId: order.tenantId, connectionId: order.connectionId, customer, seenAt });
    earning.memberId ??= memberId;
  }
  return earning;
}
