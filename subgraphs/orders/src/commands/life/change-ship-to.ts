import { normalisePhone } from '@quanyu/pii';
import { once, refuse, type GraphContext, type Refusal } from '@quanyu/subgraph';
import { actorOf } from '../../domain/actor.js';
import { actionRefusal } from '../../domain/order-actions.js';
import type { OrdersErrorCode } from '../../errors.js';
import { advanceOrder } from './advance-order.js';
import { deliveryFault, type Address } from '../selling/delivery-address.js';
import { resolveExceptions } from './exceptions.js';
import { actionable, lockOrder } from './load-order.js';
import { isTheirs } from '../payment/start-payment.js';
import { note } from './timeline.js';

export interface ChangeShipTo { readonly orderId: string; readonly expectedVersion: number; readonly address: Address; readonly idempotencyKey: string }

/** Corrects where an order goes, before any of it is shipped: the buyer, or a person for them. The timeline says that it was done, never what. */
export function changeShipTo(ctx: GraphContext, input: ChangeShipTo): Promise<{ readonly kind: 'done'; readonly orderId: string } | Refusal<OrdersErrorCode>> {
  const { vault } = ctx.deps;
  // The key's row keeps no address: what makes two requests the same is its keyed hash.
  const { address, ...rest } = input;
  const told = { ...rest, address: vault.index('address', JSON.stringify(Object.entries(address).sort()), ctx.viewer.tenantId) };
  return ctx.write('change-ship-to', (em) => once(em, ctx.viewer.tenantId, { mutation: 'changeShipTo', key: input.idempotencyKey, input: told }, async () => {
    const order = await lockOrder(em, input.orderId);
    if (order === null || !isTheirs(ctx, order)) return refuse('ORDER_NOT_FOUND', 'orderId');
    const refusal = actionRefusal(actionable(order), 'CHANGE_ADDRESS');
    if (refusal !== null) return refuse(refusal, 'orderId');
    if (order.version !== input.expectedVersion) return refuse('VERSION_CONFLICT', 'expectedVersion');
    const context = { tenantId: order.tenantId, row: order.id, field: 'shipTo' };
    const known = order.sealedShipTo ? JSON.parse(vault.open(order.sealedShipTo, context)) as { readonly oaid?: string | null } : {};
    // A masked receiver is known by the channel's own id of them: only the channel can say who it is now.
    if (known.oaid) return refuse('CHANNEL_DECIDES', 'orderId');
    const phone = normalisePhone(address.phone, address.countryCode);
    const fault = deliveryFault(address, phone);
    if (fault !== null) return refuse('ADDRESS_INVALID', 'shipTo', fault);
    const change = { at: new Date(), by: actorOf(ctx.viewer) };
    order.sealedShipTo = vault.seal(JSON.stringify({ ...address, phone }), context);
    order.addressEdited = true;
    await resolveExceptions(em, order, ['BAD_ADDRESS'], change);
    note(em, order, change, 'ADDRESS_CHANGED');
    await advanceOrder(em, order, change);
    return { kind: 'done', orderId: order.id };
  }));
}
