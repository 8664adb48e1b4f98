import { z } from 'zod';
import type { OrderCopy } from '../channel.js';
import { carrierCode } from './carriers.js';
import { isGraphOrder, webhookBodyOf } from './from-graph.js';
import { count, id, instant, words } from '../reading/order-fields.js';

const fulfillment = z.object({
  created_at: instant, status: words.nullish(), tracking_number: words.nullish(), tracking_company: words.nullish(),
  line_items: z.array(z.object({ sku: words.nullish(), quantity: count })).nullish(),
});
const order = z.object({ id, source_identifier: words.nullish(), fulfillments: z.array(fulfillment).max(200).nullish() });

/** An order's body by what makes it a copy of ours, whichever way it came. Parcels without a number cannot be told from each other. */
export function copyOf(body: unknown): OrderCopy | null {
  const read = order.safeParse(isGraphOrder(body) ? webhookBodyOf(body) : body);
  if (!read.success) return null;
  const { id: externalOrderId, source_identifier: sourceId, fulfillments } = read.data;
  return {
    externalOrderId, sourceId: sourceId || null,
    parcels: (fulfillments ?? []).flatMap(({ created_at: at, status, tracking_number: number, tracking_company: company, line_items: lines }) => (!number || number.length > 64 || status === 'cancelled' || status === 'failure' ? [] : [{
      trackingNumber: number, carrier: carrierCode(company ?? ''), shippedAt: at.toISOString(),
      lines: lines?.every(({ sku }) => sku) ? lines.map(({ sku, quantity }) => ({ externalSku: sku!, quantity })) : null,
    }])),
  };
}
