import { orderToShip } from '@quanyu/calls';
import type { SubgraphDeps } from '@quanyu/subgraph';
import type { OrderCopy, PackedParcel } from '../../channels/channel.js';
import type { ChannelFlow } from '../../domain/channel-flows.js';
import type { Claimed } from './claim-delivery.js';
import type { Outcome } from './finish-delivery.js';

type Deps = Pick<SubgraphDeps, 'database'> & Partial<Pick<SubgraphDeps, 'calls'>>;

/**
 * An order of a shop that is our own, told back to us: known by its mapping or by the source id that we gave it, which
 * counts only where we gave it to this very shop. What the shop has packed of it is the one thing that comes back. Null
 * for an order that is not ours.
 */
export async function echoOf({ database, calls }: Deps, { tenantId, connectionId }: Pick<Claimed, 'tenantId' | 'connectionId'>, copy: OrderCopy): Promise<Outcome | null> {
  const [known] = await database.read(tenantId, (em) => em.execute<{ orderId: string; flows: ChannelFlow[] }[]>(
    `select s.subject_id as "orderId", c.flows from shop_copy s join channel_connection c on c.id = s.connection_id
     where s.connection_id = ? and s.purpose = 'ORDER' and (s.external_id = ? or s.subject_id = ?) limit 1`, [connectionId, copy.externalOrderId, copy.sourceId]));
  if (known === undefined) return null;
  const parcels = known.flows.includes('PULL_FULFILMENT') ? copy.parcels : [];
  const lines = parcels.some((parcel) => parcel.lines !== null) ? await linesOf(calls, tenantId, known.orderId) : new Map<string, string>();
  return {
    kind: 'echo', externalOrderId: copy.externalOrderId,
    packed: parcels.map((parcel) => ({ connectionId, orderId: known.orderId, carrier: carrierOf(parcel), trackingNumber: parcel.trackingNumber, lines: named(parcel, lines), shippedAt: parcel.shippedAt })),
  };
}

const carrierOf = ({ carrier }: PackedParcel): string => (carrier !== null && /^[A-Z0-9_]{2,32}$/.test(carrier) ? carrier : 'OTHER');

/** Our lines by the codes that the shop knows; nothing left to send is nothing to be named. */
async function linesOf(calls: Deps['calls'], tenantId: string, orderId: string): Promise<Map<string, string>> {
  const told = await calls?.invoke(orderToShip, { tenantId, orderId });
  return new Map(told?.kind === 'ship' ? told.order.lines.map(({ externalSku, lineId }) => [externalSku, lineId]) : []);
}

function named({ lines }: PackedParcel, ids: ReadonlyMap<string, string>): { readonly lineId: string; readonly quantity: number }[] | null {
  return lines?.flatMap(({ externalSku, quantity }) => { const lineId = ids.get(externalSku); return lineId === undefined ? [] : [{ lineId, quantity }]; }) ?? null;
}
