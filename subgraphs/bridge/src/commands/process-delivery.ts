import { orderReceived } from '@quanyu/events';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { log, withContext } from '@quanyu/telemetry';
import { PULLED_ORDER } from '../channels/channel.js';
import { CHANNELS } from '../channels/channels.js';
import { parseJson } from '../channels/parse-json.js';
import { isHopeless } from '../domain/delivery-state.js';
import { claimDelivery, type Claimed } from './claim-delivery.js';
import type { DeliveryRef } from './dispatch-delivery.js';
import { failDelivery, finishDelivery, type Outcome } from './finish-delivery.js';
import { bodySeal } from '../seal-contexts.js';

type Deps = Pick<SubgraphDeps, 'database' | 'vault'>;

/**
 * Works on a stored delivery: takes it up, translates its body outside of any transaction, and keeps the outcome with
 * what it tells. Repeats safely; throws when the try failed by our own fault and another is due.
 */
export async function processDelivery(deps: Deps, { tenantId, deliveryId }: Pick<DeliveryRef, 'tenantId' | 'deliveryId'>): Promise<void> {
  await withContext({ correlationId: deliveryId, causationId: deliveryId }, async () => {
    const delivery = await claimDelivery(deps.database, tenantId, deliveryId);
    if (delivery === null) return;
    try {
      await finishDelivery(deps.database, delivery, translate(deps, delivery));
    } catch (error) {
      log.error('delivery cannot be worked on', { deliveryId, tenantId, connectionId: delivery.connectionId, channel: delivery.platform, step: 'translate', attempt: delivery.attempts, error });
      if ((await failDelivery(deps.database, delivery)) === 'FAILED') throw error;
    }
  });
}

function translate({ vault }: Deps, delivery: Claimed): Outcome {
  const { tenantId, connectionId, sealedBody, topic, triggeredAt } = delivery;
  if (isHopeless(delivery.attempts)) return { kind: 'dead', reason: 'GAVE_UP', path: null };
  const { topics, toOrder } = CHANNELS[delivery.platform];
  const meaning = topic === PULLED_ORDER ? 'ORDER' : Object.hasOwn(topics, topic) ? topics[topic] : undefined;
  if (meaning === undefined) return { kind: 'ignored', reason: 'TOPIC_NOT_HANDLED' };
  if (sealedBody === null) return { kind: 'dead', reason: 'BODY_GONE', path: null };
  const body = readBody(Buffer.from(vault.open(sealedBody, bodySeal(tenantId, delivery.id)), 'latin1'));
  if (body === null) return { kind: 'dead', reason: 'BODY_NOT_JSON', path: null };
  if (meaning === 'UNINSTALLED') return { kind: 'uninstalled' };
  const translated = toOrder(body.value, {
    cancelled: meaning === 'ORDER_CANCELLED', triggeredAt,
    privacy: {
      seal: (plain, row, field) => vault.seal(plain, { tenantId, row, field }),
      index: (kind, normalised) => vault.index(kind, normalised, tenantId),
    },
  });
  if (translated.kind === 'refused') return { kind: 'dead', reason: translated.reason, path: translated.path };
  // What does not fit the contract is our fault, not the body's, and is found here rather than by every consumer.
  return { kind: 'order', data: orderReceived.schema.parse({ connectionId, platform: delivery.platform, deliveryId: delivery.id, ...translated.data }) };
}

/** In a wrapper: `null` is a JSON body too. */
function readBody(bytes: Buffer): { readonly value: unknown } | null {
  try {
    return { value: parseJson(bytes) };
  } catch {
    return null;
  }
}
