import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { orderBound } from '@quanyu/events';
import { record } from '@quanyu/outbox';
import type { Vault } from '@quanyu/pii';
import { system } from '../../domain/actor.js';
import { SalesOrder } from '../../entities/sales-order.entity.js';
import { advanceOrder } from '../life/advance-order.js';
import type { Address } from './delivery-address.js';
import { note } from '../life/timeline.js';

/** More than anybody has bought as a guest; what is beyond stays a guest's. */
const MOST_ORDERS = 500;

/** A phone number is known to be a member's: what was bought with it as a guest is theirs. Repeats safely; an order that has a buyer keeps them. */
export async function bindGuestOrders(em: EntityManager, vault: Vault, tenantId: string, { memberId, phoneIndex }: { readonly memberId: string; readonly phoneIndex: string }): Promise<void> {
  const orders = await em.find(SalesOrder, { tenantId, guestPhoneIndex: phoneIndex, memberId: null }, { orderBy: { id: 'asc' }, limit: MOST_ORDERS, lockMode: LockMode.PESSIMISTIC_WRITE });
  const change = { at: new Date(), by: system('members') };
  for (const order of orders) {
    const { name, phone } = JSON.parse(vault.open(order.sealedShipTo!, { tenantId, row: order.id, field: 'shipTo' })) as Address;
    order.memberId = memberId;
    order.customer = { externalId: memberId, phoneIndex, emailIndex: null, sealed: vault.seal(JSON.stringify({ name, phone, email: null }), { tenantId, row: memberId, field: 'customer' }) };
    note(em, order, change, 'BOUND', { memberId });
    await advanceOrder(em, order, change);
    const { currency, itemsMinor, discountMinor, shippingMinor, taxMinor, taxesIncluded, totalMinor, confirmedAt } = order;
    record(em, orderBound({
      tenantId, sequence: order.version,
      data: {
        orderId: order.id, connectionId: order.connectionId, customer: order.customer,
        confirmed: confirmedAt && order.status !== 'CANCELLED' ? { amounts: { currency, itemsMinor, discountMinor, shippingMinor, taxMinor, taxesIncluded, totalMinor: totalMinor - order.dueMinor }, confirmedAt: confirmedAt.toISOString() } : null,
      },
    }));
  }
}
