import { once, refuse, type GraphContext, type Refusal } from '@quanyu/subgraph';
import { Waybill } from '../../entities/waybill.entity.js';
import type { OrdersErrorCode } from '../../errors.js';
import { shipWithin } from './ship-order.js';
import { isTracking } from '../after-sale/treat-after-sale.js';

/**
 * A packer scans the number on a label: its order is sent, with all that is left of it. Scanning it again is no error; an
 * order that was cancelled, is on hold or waits for a person is refused, and its parcel comes off the belt.
 */
export function scanParcel(ctx: GraphContext, input: { readonly trackingNumber: string; readonly idempotencyKey: string }): Promise<{ readonly kind: 'done'; readonly orderId: string } | Refusal<OrdersErrorCode>> {
  const { tenantId } = ctx.viewer;
  return ctx.write('scan-parcel', (em) => once<{ readonly kind: 'done'; readonly orderId: string } | Refusal<OrdersErrorCode>>(em, tenantId, { mutation: 'scanParcel', key: input.idempotencyKey, input }, async () => {
    if (!isTracking(input.trackingNumber)) return refuse('TRACKING_INVALID', 'trackingNumber');
    const waybill = await em.findOne(Waybill, { tenantId, trackingNumber: input.trackingNumber }, { disableIdentityMap: true });
    if (waybill === null || !ctx.viewer.seesChannel(waybill.connectionId)) return refuse('WAYBILL_NOT_FOUND', 'trackingNumber');
    if (waybill.state !== 'ISSUED' && waybill.state !== 'SHIPPED') return refuse('WAYBILL_STATE', 'trackingNumber');
    const result = await shipWithin(em, ctx, { orderId: waybill.orderId, carrier: waybill.carrier, trackingNumber: input.trackingNumber, lines: null });
    return result.kind === 'refused' ? refuse(result.code, 'trackingNumber') : result;
  }));
}
