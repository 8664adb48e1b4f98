import { z } from 'zod';
import type { Channel } from '../channel.js';
import { instant, words } from '../reading/order-fields.js';
import { parseJson } from '../reading/parse-json.js';
import type { TrackState } from '../port/carriers.js';
import { readable } from '../signing/pushed.js';

const fulfillment = z.object({
  status: words.nullish(), shipment_status: words.nullish(), updated_at: instant, tracking_number: words.nullish(), tracking_numbers: z.array(words).max(50).nullish(),
});

const STATES: Readonly<Record<string, TrackState>> = {
  carrier_picked_up: 'PICKED_UP', in_transit: 'IN_TRANSIT', out_for_delivery: 'OUT_FOR_DELIVERY', ready_for_pickup: 'OUT_FOR_DELIVERY', delivered: 'DELIVERED',
  attempted_delivery: 'PROBLEM', delayed: 'PROBLEM', failure: 'PROBLEM',
};

/** Where the parcels of a fulfilment are, once its carrier has told Shopify; labels that were only bought are nowhere yet. */
export const tracksOf: NonNullable<Channel['tracksOf']> = (body) => {
  const read = readable(() => fulfillment.parse(parseJson(body)));
  if (read === null) return null;
  const { status, shipment_status: state, updated_at: at, tracking_number: number, tracking_numbers: numbers } = read;
  const known = STATES[state?.toLowerCase() ?? ''];
  if (known === undefined || status === 'cancelled') return [];
  return [...new Set([...numbers ?? [], number ?? ''])].filter((one) => one !== '').map((trackingNumber) => ({ trackingNumber, tracked: { state: known, events: [{ at, text: '' }] } }));
};
