import type { Stage } from '../stage.js';
import { testKeys } from '../test-keys.js';
import { ShipStationV2Account, shipstationV2Sandbox } from './account.js';

/** An account of ShipStation's API v2. */
export function shipstationV2Stage(): Stage {
  const account = new ShipStationV2Account('FAKE_KEY_quanyu_v2', testKeys('shipstation'));
  return {
    platform: shipstationV2Sandbox(account), shopDomain: 'quanyu warehouse two',
    settings: { warehouseId: 'se-28529731', stores: 'TAOBAO=store-101', takes: 'ALL' }, secrets: { apiKey: account.apiKey }, wrongSecrets: { apiKey: 'FAKE_KEY_other_v2' },
    throttled: { status: 429, headers: { 'retry-after': '0.05' }, body: '{"errors":[{"error_code":"rate_limit_exceeded"}]}' },
    pushed: () => account.shipments.filter(({ shipment_status: status }) => status !== 'cancelled').map(({ shipment_id, external_shipment_id, amount_paid, items, requested_shipment_service: wish = null, ...told }) => ({
      notes: { buyer: told.notes_from_buyer ?? null, internal: told.internal_notes ?? null, gift: told.is_gift === true ? told.notes_for_gift ?? null : null },
      id: shipment_id, sourceId: external_shipment_id, wish, totalMinor: Math.round(amount_paid.amount * 100), quantities: Object.fromEntries(items.map(({ sku, quantity }) => [sku, quantity])),
    })),
    writtenAt: (externalOrderId, when) => { account.shipments.find((one) => one.shipment_id === externalOrderId)!.created_at = when.toISOString(); },
    dropOrder: (externalOrderId) => { account.shipments.splice(account.shipments.findIndex((one) => one.shipment_id === externalOrderId), 1); },
    ship: (externalOrderId, trackingNumber, at, items) => account.ship(externalOrderId, trackingNumber, at, items),
    notice: (labelId) => account.notice(labelId, Date.now()),
    push: (n, at) => account.notice(`se-${n}`, at.getTime()),
    hooks: () => account.hooks.map(({ event, url }) => ({ topic: event, address: url })),
    loseHooks: () => { account.hooks.length = 0; },
    void: (labelId) => { account.labels.find(({ label_id: id }) => id === labelId)!.voided = true; },
  };
}
