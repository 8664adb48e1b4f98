import { gathered, type Database } from '@quanyu/database';
import { orderReceived } from '@quanyu/events';
import { newId } from '@quanyu/ids';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { log, withContext } from '@quanyu/telemetry';
import { PULLED_ORDER, type Channel } from '../../channels/channel.js';
import { CHANNELS } from '../../channels/channels.js';
import { parseJson } from '../../channels/reading/parse-json.js';
import { isHopeless } from '../../domain/delivery-state.js';
import type { Shops } from '../../outbound/shops.js';
import { claimDeliveries, type Claimed } from './claim-delivery.js';
import { keepingLane, leaveLane, type Lane } from './delivery-lane.js';
import { dispatchDelivery, type DeliveryRef } from './dispatch-delivery.js';
import { echoOf } from './echo-of.js';
import { followHints } from './follow-hints.js';
import { listingMeaning, toldListing } from '../sync/told-listing.js';
import { failDelivery, finishDelivery, finishOrders, type FoundOrder, type Outcome } from './finish-delivery.js';
import { bodySeal } from '../../seal-contexts.js';

type Deps = Pick<SubgraphDeps, 'database' | 'vault'> & Partial<Pick<SubgraphDeps, 'calls'>>;

/** Taken up at once: enough to share the cost of their commits, few enough to be done within a second. */
const TOGETHER = 64;
/** Of one job; what is left has another. */
const ROUNDS = 16;
/** Shops asked at a time. */
const ABROAD = 4;

interface Asking { readonly deps: Deps & Pick<SubgraphDeps, 'jobs'>; readonly delivery: DeliveryRef; readonly shops: Shops | null }

/**
 * Works on a stored delivery and on all others of its channel that wait, as many at once as come together: takes them up,
 * translates their bodies outside of any transaction, and keeps each outcome with what it tells. Repeats safely; throws
 * when the delivery's own try failed by our own fault and another is due.
 * @param shops whom pushes are asked about that only say where to look; null: nobody
 */
export const processWaiting = (deps: Asking['deps'], delivery: DeliveryRef, shops: Shops | null): Promise<void> => workTogether(deps.database, { deps, delivery, shops });

/** Jobs of a channel that come while one is at work share the next turn: what has gathered by then costs few statements. */
const workTogether = gathered<Asking, void>(async (database, asked) => {
  const { deps, delivery, shops } = asked[0]!.input;
  const ids = asked.map(({ input }) => input.delivery.deliveryId);
  const failures = new Map<string, Error>();
  const lane: Lane = { ...delivery, holder: holderOf(database) };
  const left = await keepingLane(database, lane, () => workInRounds(deps, shops, { ...lane, ids, because: delivery.deliveryId }, failures));
  if (left === 'TAKEN') return ids.map(() => undefined);
  // Given back in either case, before anybody else is asked to go on.
  const isWanted = await leaveLane(database, lane);
  if (left === 'MORE' || isWanted) await dispatchDelivery(deps.jobs, { ...delivery, deliveryId: newId('dlv') });
  return ids.map((id) => failures.get(id));
}, ({ delivery: { tenantId, connectionId } }) => `${tenantId}/${connectionId}`);

const holders = new WeakMap<Database, string>();

/** As whom a process works: at a channel it takes one turn at a time, so a turn that ended without giving its lane back keeps none of its next ones away. */
function holderOf(database: Database): string {
  let holder = holders.get(database);
  if (holder === undefined) holders.set(database, (holder = newId('run')));
  return holder;
}

/** Works until nothing waits at the channel, or long enough for one turn; TAKEN where another worker has it. */
async function workInRounds(deps: Asking['deps'], shops: Shops | null, { ids, because: cause, ...lane }: Lane & { readonly ids: readonly string[]; readonly because: string }, failures: Map<string, Error>): Promise<'DONE' | 'MORE' | 'TAKEN'> {
  for (let round = 0; round < ROUNDS; round += 1) {
    const own = round === 0 ? ids : [];
    const claimed = await because(cause, () => claimDeliveries(deps.database, { ...lane, own }, TOGETHER));
    if (claimed === null) return round === 0 ? 'TAKEN' : 'DONE';
    if (claimed.length > 0) await workOn(deps, shops, claimed, failures);
    if (claimed.length < TOGETHER) return 'DONE';
  }
  return 'MORE';
}

const because = <T>(deliveryId: string, work: () => T): T => withContext({ correlationId: deliveryId, causationId: deliveryId }, work);

/** Brings deliveries to their outcomes. Orders, which nearly all are, share one transaction. Notes what those failed by that are due another try. */
async function workOn(deps: Deps, shops: Shops | null, deliveries: readonly Claimed[], failures: Map<string, Error>): Promise<void> {
  const orders: FoundOrder[] = [];
  const attempt = (delivery: Claimed, work: () => Promise<void>): Promise<void> => because(delivery.id, async () => {
    const error = await work().then(() => undefined, (reason: unknown) => (reason instanceof Error ? reason : new Error(String(reason))));
    if (error === undefined) return;
    log.error('delivery cannot be worked on', { deliveryId: delivery.id, tenantId: delivery.tenantId, connectionId: delivery.connectionId, channel: delivery.platform, step: 'translate', attempt: delivery.attempts, error });
    if ((await failDelivery(deps.database, delivery)) === 'FAILED') failures.set(delivery.id, error);
  });
  for (let from = 0; from < deliveries.length; from += ABROAD) {
    await Promise.all(deliveries.slice(from, from + ABROAD).map((delivery) => attempt(delivery, async () => {
      const body = new Body(deps.vault, delivery);
      const outcome = await follow(deps, shops, delivery, body) ?? await listing(deps, delivery, body) ?? await recognise(deps, delivery, body) ?? translate(deps, delivery, body);
      if (outcome.kind === 'order') orders.push({ delivery, data: outcome.data });
      else await finishDelivery(deps, delivery, outcome);
    })));
  }
  orders.sort((a, b) => (a.delivery.id < b.delivery.id ? -1 : 1));
  const singly = async (): Promise<void> => { for (const { delivery, data } of orders) await attempt(delivery, () => finishDelivery(deps, delivery, { kind: 'order', data })); };
  if (orders.length === 1) await singly();
  // What one of them cannot be kept for must not keep the others.
  else if (orders.length > 1) await finishOrders(deps, orders).catch(singly);
}

/** What a push that only says where to look leads to; null for one that says it all. */
async function follow(deps: Deps, shops: Shops | null, delivery: Claimed, body: Body): Promise<Outcome | null> {
  const { topics, hintsOf } = CHANNELS[delivery.platform] as Channel;
  if (!Object.hasOwn(topics, delivery.topic) || topics[delivery.topic] !== 'HINT' || hintsOf === undefined) return null;
  if (isHopeless(delivery.attempts)) return { kind: 'dead', reason: 'GAVE_UP', path: null };
  if (delivery.sealedBody === null) return { kind: 'dead', reason: 'BODY_GONE', path: null };
  const bytes = body.bytes();
  return followHints(deps, shops, delivery, (account) => hintsOf(bytes, account));
}

/** Goods or a customer of the shop; null for every other topic. */
async function listing(deps: Deps, delivery: Claimed, body: Body): Promise<Outcome | null> {
  const meaning = listingMeaning(delivery);
  if (meaning === null || isHopeless(delivery.attempts) || delivery.sealedBody === null) return null;
  const json = body.json();
  return json === null ? { kind: 'dead', reason: 'BODY_NOT_JSON', path: null } : toldListing(deps, delivery, meaning, json.value);
}

/** An order that came from us and is told back; null for every other body. */
async function recognise(deps: Deps, delivery: Claimed, body: Body): Promise<Outcome | null> {
  const { copyOf } = CHANNELS[delivery.platform] as Channel;
  if (copyOf === undefined || !delivery.hasCopies || delivery.sealedBody === null || isHopeless(delivery.attempts)) return null;
  const json = body.json();
  const copy = json === null ? null : copyOf(json.value);
  return copy === null ? null : echoOf(deps, delivery, copy);
}

function translate({ vault }: Deps, delivery: Claimed, body: Body): Outcome {
  const { tenantId, connectionId, sealedBody, topic, triggeredAt } = delivery;
  if (isHopeless(delivery.attempts)) return { kind: 'dead', reason: 'GAVE_UP', path: null };
  const { topics, toOrder, tracksOf } = CHANNELS[delivery.platform] as Channel;
  const meaning = topic === PULLED_ORDER ? 'ORDER' : Object.hasOwn(topics, topic) ? topics[topic] : undefined;
  if (meaning === undefined) return { kind: 'ignored', reason: 'TOPIC_NOT_HANDLED' };
  if (sealedBody === null) return { kind: 'dead', reason: 'BODY_GONE', path: null };
  if (meaning === 'TRACKS') {
    const tracks = tracksOf!(body.bytes());
    return tracks === null ? { kind: 'dead', reason: 'BODY_NOT_JSON', path: null } : { kind: 'tracked', tracks };
  }
  const json = body.json();
  if (json === null) return { kind: 'dead', reason: 'BODY_NOT_JSON', path: null };
  if (meaning === 'UNINSTALLED') return { kind: 'uninstalled' };
  const translated = toOrder(json.value, {
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

/** What a delivery brought, unsealed and parsed once, when somebody first asks. */
class Body {
  #bytes: Buffer | undefined;
  #json: { readonly value: unknown } | null | undefined;

  constructor(private readonly vault: Deps['vault'], private readonly delivery: Claimed) {}

  bytes(): Buffer {
    const { tenantId, id, sealedBody } = this.delivery;
    return this.#bytes ??= Buffer.from(this.vault.open(sealedBody!, bodySeal(tenantId, id)), 'latin1');
  }

  /** In a wrapper: `null` is a JSON body too. Null when it is none. */
  json(): { readonly value: unknown } | null {
    return this.#json === undefined ? this.#json = parsed(this.bytes()) : this.#json;
  }
}

function parsed(bytes: Buffer): { readonly value: unknown } | null {
  try {
    return { value: parseJson(bytes) };
  } catch {
    return null;
  }
}
