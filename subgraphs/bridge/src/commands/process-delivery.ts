import { orderReceived } from '@quanyu/events';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { log, withContext } from '@quanyu/telemetry';
import { PULLED_ORDER, type Channel } from '../channels/channel.js';
import { CHANNELS } from '../channels/channels.js';
import { parseJson } from '../channels/parse-json.js';
import { isHopeless } from '../domain/delivery-state.js';
import type { Shops } from '../outbound/shops.js';
import { claimDelivery, type Claimed } from './claim-delivery.js';
import type { DeliveryRef } from './dispatch-delivery.js';
import { echoOf } from './echo-of.js';
import { followHints } from './follow-hints.js';
import { failDelivery, finishDelivery, type Outcome } from './finish-delivery.js';
import { bodySeal } from '../seal-contexts.js';

type Deps = Pick<SubgraphDeps, 'database' | 'vault'> & Partial<Pick<SubgraphDeps, 'calls'>>;

/**
 * Works on a stored delivery: takes it up, translates its body outside of any transaction, and keeps the outcome with
 * what it tells. Repeats safely; throws when the try failed by our own fault and another is due.
 */
export async function processDelivery(deps: Deps, { tenantId, deliveryId }: Pick<DeliveryRef, 'tenantId' | 'deliveryId'>, shops: Shops | null = null): Promise<void> {
  await withContext({ correlationId: deliveryId, causationId: deliveryId }, async () => {
    const delivery = await claimDelivery(deps.database, tenantId, deliveryId);
    if (delivery === null) return;
    try {
      await finishDelivery(deps, delivery, await follow(deps, shops, delivery) ?? await recognise(deps, delivery) ?? translate(deps, delivery));
    } catch (error) {
      log.error('delivery cannot be worked on', { deliveryId, tenantId, connectionId: delivery.connectionId, channel: delivery.platform, step: 'translate', attempt: delivery.attempts, error });
      if ((await failDelivery(deps.database, delivery)) === 'FAILED') throw error;
    }
  });
}

/** What a push that only says where to look leads to; null for one that says it all. */
async function follow(deps: Deps, shops: Shops | null, delivery: Claimed): Promise<Outcome | null> {
  const { topics, hintsOf } = CHANNELS[delivery.platform] as Channel;
  if (!Object.hasOwn(topics, delivery.topic) || topics[delivery.topic] !== 'HINT' || hintsOf === undefined) return null;
  if (isHopeless(delivery.attempts)) return { kind: 'dead', reason: 'GAVE_UP', path: null };
  if (delivery.sealedBody === null) return { kind: 'dead', reason: 'BODY_GONE', path: null };
  const body = Buffer.from(deps.vault.open(delivery.sealedBody, bodySeal(delivery.tenantId, delivery.id)), 'latin1');
  return followHints(deps, shops, delivery, (account) => hintsOf(body, account));
}

/** An order that came from us and is told back; null for every other body. */
async function recognise(deps: Deps, delivery: Claimed): Promise<Outcome | null> {
  const { copyOf } = CHANNELS[delivery.platform] as Channel;
  if (copyOf === undefined || !delivery.hasCopies || delivery.sealedBody === null || isHopeless(delivery.attempts)) return null;
  const body = readBody(Buffer.from(deps.vault.open(delivery.sealedBody, bodySeal(delivery.tenantId, delivery.id)), 'latin1'));
  const copy = body === null ? null : copyOf(body.value);
  return copy === null ? null : echoOf(deps, delivery, copy);
}

function translate({ vault }: Deps, delivery: Claimed): Outcome {
  const { tenantId, connectionId, sealedBody, topic, triggeredAt } = delivery;
  if (isHopeless(delivery.attempts)) return { kind: 'dead', reason: 'GAVE_UP', path: null };
  const { topics, toOrder, tracksOf } = CHANNELS[delivery.platform] as Channel;
  const meaning = topic === PULLED_ORDER ? 'ORDER' : Object.hasOwn(topics, topic) ? topics[topic] : undefined;
  if (meaning === undefined) return { kind: 'ignored', reason: 'TOPIC_NOT_HANDLED' };
  if (sealedBody === null) return { kind: 'dead', reason: 'BODY_GONE', path: null };
  const bytes = Buffer.from(vault.open(sealedBody, bodySeal(tenantId, delivery.id)), 'latin1');
  if (meaning === 'TRACKS') {
    const tracks = tracksOf!(bytes);
    return tracks === null ? { kind: 'dead', reason: 'BODY_NOT_JSON', path: null } : { kind: 'tracked', tracks };
  }
  const body = readBody(bytes);
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
