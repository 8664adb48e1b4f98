import type { Stage } from '../stage.js';
import { ShipStationAccount, shipstationSandbox } from './account.js';

/** An account of ShipStation. */
export function shipstationStage(): Stage {
  const account = new ShipStationAccount('FAKE_KEY_quanyu', 'FAKE_SECRET_quanyu');
  // The limit of 40 a minute would make a suite of many calls wait for minutes.
  let clock = Date.now();
  return {
    platform: shipstationSandbox(account, () => { clock += 2_000; return clock; }), shopDomain: 'quanyu warehouse',
    settings: { apiKey: 'FAKE_KEY_quanyu', stores: 'TAOBAO=101', takes: 'ALL' }, secrets: { apiSecret: 'FAKE_SECRET_quanyu' }, wrongSecrets: { apiSecret: 'FAKE_SECRET_other' },
    throttled: { status: 429, headers: { 'X-Rate-Limit-Limit': '40', 'X-Rate-Limit-Remaining': '0', 'X-Rate-Limit-Reset': '0.05' }, body: 'Too Many Requests' },
    pushed: () => [...account.orders.values()].map(({ orderId, orderKey, orderTotal, items, requestedShippingService: wish = null, ...told }) => ({
      notes: { buyer: told.customerNotes ?? null, internal: told.internalNotes ?? null, gift: told.gift === true ? told.giftMessage ?? null : null },
      id: String(orderId), sourceId: orderKey, wish, totalMinor: Math.round(orderTotal * 100),
      quantities: Object.fromEntries(items.filter(({ sku }) => sku).map(({ sku, quantity }) => [sku, quantity ?? 0])),
    })),
    writtenAt: (externalOrderId, when) => account.writtenAt(Number(externalOrderId), when),
    dropOrder: (externalOrderId) => account.drop(Number(externalOrderId)),
    ship: (externalOrderId, trackingNumber, at, items) => String(account.ship(Number(externalOrderId), trackingNumber, at, items === undefined ? {} : { items })),
    notice: (shipmentId) => ({ headers: {}, body: JSON.stringify({ resource_url: `https://ssapi6.shipstation.com/shipments?batchId=b${shipmentId}&includeShipmentItems=False`, resource_type: 'SHIP_NOTIFY' }) }),
    // Nothing is signed: the secret stands in the address that it was given.
    push: (n, _at, { secret }) => ({ headers: {}, query: { key: secret }, body: JSON.stringify({ resource_url: `https://ssapi6.shipstation.com/shipments?batchId=b${n}`, resource_type: 'SHIP_NOTIFY' }) }),
    hooks: () => account.hooks.map(({ HookType, URL: address }) => ({ topic: HookType, address })),
    loseHooks: () => { account.hooks.length = 0; },
    void: (shipmentId) => { account.shipments.find((one) => String(one.shipmentId) === shipmentId)!.voided = true; },
  };
}
