import { orderReceived } from '@quanyu/events';
import { newId } from '@quanyu/ids';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { log, withContext } from '@quanyu/telemetry';
import { PULLED_ORDER, type Channel } from '../channels/channel.js';
import { CHANNELS } from '../channels/channels.js';
import { parseJson } from '../channels/parse-json.js';
import { isHopeless } from '../domain/delivery-state.js';
import type { Shops } from '../outbound/shops.js';
import { claimDeliveries, claimDelivery, type Claimed } from './claim-delivery.js';
import { dispatchDelivery, type DeliveryRef } from './dispatch-delivery.js';
import { echoOf } from './echo-of.js';
import { followHints } from './follow-hints.js';
import { failDelivery, finishDelivery, finishOrders, type FoundOrder, type Outcome } from './finish-delivery.js';
import { bodySeal } from '../seal-contexts.js';

type Deps = Pick<SubgraphDeps, 'database' | 'vault'> & Partial<Pick<SubgraphDeps, 'calls'>>;

/** Taken up at once: enough to share the cost of their commits, few enough to be done within a second. */
const TOGETHER = 64;
/** Of one job; what is left has another. */
const ROUNDS = 16;
/** Shops asked at a time. */
const ABROAD = 4;

/**
 * Works on a stored delivery: takes it up, translates its body outside of any transaction, and keeps the outcome with
 * what it tells. Repeats safely; throws when the try failed by our own fault and another is due.
 */
export async function processDelivery(deps: Deps, { tenantId, deliveryId }: Pick<DeliveryRef, 'tenantId' | 'deliveryId'>, shops: Shops | null = null): Promise<void> {
  const delivery = await because(deliveryId, () => claimDelivery(deps.database, tenantId, deliveryId));
  if (delivery !== null) await workOn(deps, shops, [delivery], deliveryId);
}

/** What this process works on at this moment: its own job need not begin it anew. */
const atWork = new Set<string>();

/** Works on a delivery and on all others of its channel that wait, as many at once as come together. */
export async function processWaiting(deps: SubgraphDeps, delivery: DeliveryRef, shops: Shops): Promise<void> {
  for (let round = 0; round < ROUNDS; round += 1) {
    const claimed = await because(delivery.deliveryId, () => claimDeliveries(deps.database, { ...delivery, own: !atWork.has(delivery.deliveryId) }, TOGETHER));
    for (const { id } of claimed) atWork.add(id);
    try {
      if (claimed.length > 0) await workOn(deps, shops, claimed, delivery.deliveryId);
    } finally {
      for (const { id } of claimed) atWork.delete(id);
    }
    if (claimed.length < TOGETHER) return;
  }
  await dispatchDelivery(deps.jobs, { ...delivery, deliveryId: newId('dlv') });
}

const because = <T>(deliveryId: string, work: () => T): T => withContext({ correlationId: deliveryId, causationId: deliveryId }, work);

/** Brings deliveries to their outcomes. Orders, which nearly all are, share one transaction. Throws what `own` failed by. */
async function workOn(deps: Deps, shops: Shops | null, deliveries: readonly Claimed[], own: string): Promise<void> {
  const orders: FoundOrder[] = [];
  let failure: { readonly error: unknown } | undefined;
  const attempt = (delivery: Claimed, work: () => Promise<void>): Promise<void> => because(delivery.id, async () => {
    const error = await work().then(() => undefined, (reason: unknown) => ({ error: reason }));
    if (error === undefined) return;
    log.error('delivery cannot be worked on', { deliveryId: delivery.id, tenantId: delivery.tenantId, connectionId: delivery.connectionId, channel: delivery.platform, step: 'translate', attempt: delivery.attempts, ...error });
    if ((await failDelivery(deps.database, delivery)) === 'FAILED' && delivery.id === own) failure = error;
  });
  for (let from = 0; from < deliveries.length; from += ABROAD) {
    await Promise.all(deliveries.slice(from, from + ABROAD).map((delivery) => attempt(delivery, async () => {
      const outcome = await follow(deps, shops, delivery) ?? await recognise(deps, delivery) ?? translate(deps, delivery);
      if (outcome.kind === 'order') orders.push({ delivery, data: outcome.data });
      else await finishDelivery(deps, delivery, outcome);
    })));
  }
  orders.sort((a, b) => (a.delivery.id < b.delivery.id ? -1 : 1));
  const singly = async (): Promise<void> => { for (const { delivery, data } of orders) await attempt(delivery, () => finishDelivery(deps, delivery, { kind: 'order', data })); };
  if (orders.length === 1) await singly();
  // What one of them cannot be kept for must not keep the others.
  else if (orders.length > 1) await finishOrders(deps, orders).catch(singly);
  if (failure !== undefined) throw failure.error;
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
