import { answerObject } from '../asking/answer-object.js';
import type { Channel, Hint } from '../channel.js';
import { sameText } from '../signing/digests.js';
import { genuinePush, readable, refusedPush } from '../signing/pushed.js';

/** ShipStation's API v1 signs nothing: whoever knows the channel's own secret, in the address that only ShipStation was given, may make us look. */
export const verifyPush: Channel['verify'] = ({ query = {} }, { secrets }) => {
  const key = query['key'] ?? '';
  if (key === '' || !secrets.map((secret) => sameText(secret, key)).some((same) => same)) return refusedPush(key !== '');
  return genuinePush([], { unsigned: true });
};

const OF_PARCELS = new Set(['SHIP_NOTIFY', 'ITEM_SHIP_NOTIFY', 'FULFILLMENT_SHIPPED']);

/** Where its parcels can be read; whether that is an address of ShipStation is looked at before it is asked. */
export function hintsOf(body: Buffer): readonly Hint[] | null {
  const told = readable(() => answerObject(body)) as { resource_url?: unknown; resource_type?: unknown } | null;
  if (told === null) return null;
  const { resource_url: url, resource_type: kind } = told;
  return typeof url === 'string' && typeof kind === 'string' && OF_PARCELS.has(kind) ? [{ kind: 'PARCELS', resourceUrl: url }] : [];
}
