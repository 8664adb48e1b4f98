import type { EntityManager } from '@mikro-orm/postgresql';
import { parcelPacked } from '@quanyu/events';
import { record } from '@quanyu/outbox';
import type { Shipment } from '../../channels/connector.js';
import { carrierOf } from '../../domain/outside-carrier.js';
import type { StreamRef } from '../../queries/due-streams.js';
import { raiseAlert } from '../messages/alerts.js';

const LONGEST_NUMBER = 64;

interface Known { external_shipment_id: string; told: boolean; voided: boolean }

/**
 * Keeps parcels that a system outside has packed, and tells of those of our orders: each once, however often it is read.
 * Gives how many were news. A label that was taken back before we told of it is not told; for one that was told a person
 * is called.
 */
export async function storeParcels(em: EntityManager, ref: StreamRef, shipments: readonly Shipment[]): Promise<number> {
  if (shipments.length === 0) return 0;
  const { tenantId, connectionId } = ref;
  const orderOf = await ordersOf(em, connectionId, shipments);
  const known = new Map((await em.execute<Known[]>(
    'select external_shipment_id, told, voided from outside_parcel where connection_id = ? and external_shipment_id in (select jsonb_array_elements_text(?::jsonb)) for update',
    [connectionId, JSON.stringify(shipments.map(({ externalShipmentId }) => externalShipmentId))])).map((row) => [row.external_shipment_id, row]));
  const rows = [];
  for (const shipment of shipments) {
    const orderId = orderOf(shipment);
    const before = known.get(shipment.externalShipmentId);
    const tells = orderId !== null && !shipment.voided && before?.told !== true;
    if (tells) tell(em, ref, orderId, shipment);
    if (shipment.voided && before?.told === true && !before.voided) {
      await raiseAlert(em, { tenantId, code: 'LABEL_TAKEN_BACK', subjectKind: 'ORDER', subjectId: orderId ?? shipment.externalOrderId, connectionId, params: { trackingNumber: shipment.trackingNumber }, part: shipment.externalShipmentId });
    }
    rows.push({ id: shipment.externalShipmentId, order_id: orderId, number: shipment.trackingNumber.slice(0, LONGEST_NUMBER), carrier: carrierOf(shipment.carrier), shipped_at: shipment.shippedAt.toISOString(), voided: shipment.voided, told: tells });
  }
  await em.execute(
    `insert into outside_parcel as p (connection_id, external_shipment_id, tenant_id, order_id, tracking_number, carrier, shipped_at, voided, told)
     select ?, r.id, ?, r.order_id, r.number, r.carrier, r.shipped_at, r.voided, r.told
     from (select distinct on (id) * from jsonb_to_recordset(?::jsonb) as r (id text, order_id text, number text, carrier text, shipped_at timestamptz, voided boolean, told boolean)) r
     on conflict (connection_id, external_shipment_id) do update set voided = excluded.voided, order_id = coalesce(p.order_id, excluded.order_id), told = p.told or excluded.told`,
    [connectionId, tenantId, JSON.stringify(rows)]);
  return shipments.filter(({ externalShipmentId }) => !known.has(externalShipmentId)).length;
}

/** Ours by the id that we gave it, else by what we know that it is called there; never one that was not given to this system. */
async function ordersOf(em: EntityManager, connectionId: string, shipments: readonly Shipment[]): Promise<(shipment: Shipment) => string | null> {
  const rows = await em.execute<{ order_id: string; external_order_id: string | null }[]>(
    `select order_id, external_order_id from outgoing_order where connection_id = ?
       and (order_id in (select jsonb_array_elements_text(?::jsonb)) or external_order_id in (select jsonb_array_elements_text(?::jsonb)))`,
    [connectionId, JSON.stringify(shipments.flatMap(({ sourceId }) => (sourceId === null ? [] : [sourceId]))), JSON.stringify(shipments.map(({ externalOrderId }) => externalOrderId))]);
  const ours = new Set(rows.map(({ order_id: id }) => id));
  const byName = new Map(rows.map((row) => [row.external_order_id, row.order_id]));
  return ({ sourceId, externalOrderId }) => (sourceId !== null && ours.has(sourceId) ? sourceId : byName.get(externalOrderId) ?? null);
}

const tell = (em: EntityManager, { tenantId, connectionId }: StreamRef, orderId: string, { carrier, trackingNumber, service, lines, shippedAt }: Shipment): void => record(em, parcelPacked({
  tenantId, sequence: shippedAt.getTime(),
  data: { connectionId, orderId, carrier: carrierOf(carrier), trackingNumber: trackingNumber.slice(0, LONGEST_NUMBER), ...(/^[\w.-]{1,64}$/.test(service ?? '') && { service }), lines: lines?.map((line) => ({ ...line })) ?? null, shippedAt: shippedAt.toISOString() },
}));
