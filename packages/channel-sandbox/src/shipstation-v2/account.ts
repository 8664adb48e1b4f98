import { sign } from 'node:crypto';
import { json } from '../json-answer.js';
import type { SandboxPlatform, SandboxRequest, SandboxResponse } from '../server/sandbox.js';
import type { TestKeys } from '../test-keys.js';

interface Item { readonly external_order_item_id: string; readonly sku: string; readonly quantity: number }
interface Shipment {
  readonly shipment_id: string; readonly external_shipment_id: string; shipment_status: string; created_at: string; readonly items: readonly Item[]; readonly amount_paid: { readonly amount: number }; readonly requested_shipment_service?: string;
  readonly notes_from_buyer?: string | null; readonly internal_notes?: string | null; readonly is_gift?: boolean; readonly notes_for_gift?: string | null;
}
interface Label { readonly label_id: string; readonly shipment_id: string; readonly external_shipment_id: string; readonly tracking_number: string; readonly carrier_code: string; readonly service_code: string; readonly created_at: string; voided: boolean; readonly is_return_label: boolean; readonly packages: readonly object[] }

/** An account of ShipStation's API v2, and the keys that its pushes are signed with. */
export class ShipStationV2Account {
  readonly shipments: Shipment[] = [];
  readonly labels: Label[] = [];
  readonly hooks: { readonly webhook_id: string; readonly event: string; readonly url: string }[] = [];

  constructor(readonly apiKey: string, readonly keys: TestKeys) {}

  ship(shipmentId: string, trackingNumber: string, at: Date, items?: Readonly<Record<string, number>>): string {
    const shipment = this.shipments.find((one) => one.shipment_id === shipmentId);
    if (shipment === undefined) throw new Error('no such shipment');
    shipment.shipment_status = 'label_purchased';
    const products = shipment.items.filter(({ external_order_item_id: id }) => items === undefined || items[id] !== undefined).map(({ external_order_item_id, quantity }) => ({ external_order_item_id, quantity: items?.[external_order_item_id] ?? quantity }));
    const label = { label_id: `se-9${this.labels.length}`, shipment_id: shipmentId, external_shipment_id: shipment.external_shipment_id, tracking_number: trackingNumber, carrier_code: 'sf_express', service_code: 'sf_standard_express', created_at: at.toISOString(), voided: false, is_return_label: false, packages: [{ products }] };
    this.labels.push(label);
    return label.label_id;
  }

  notice(labelId: string, now: number): { readonly headers: Readonly<Record<string, string>>; readonly body: string } {
    const body = JSON.stringify({ resource_url: `https://api.shipstation.com/v2/labels/${labelId}`, resource_type: 'LABEL_CREATED_V2' });
    const timestamp = new Date(now).toISOString();
    return { body, headers: { 'x-shipengine-rsa-sha256-key-id': 'FAKE-KID', 'x-shipengine-timestamp': timestamp, 'x-shipengine-rsa-sha256-signature': sign('sha256', Buffer.from(`${timestamp}.${body}`), this.keys.privateKey).toString('base64') } };
  }

  answer(request: SandboxRequest): SandboxResponse {
    if (request.host === 'api.shipengine.com') return json(200, { keys: [{ kty: 'EC', crv: 'P-256', kid: 'EC-KID', x: 'x', y: 'y' }, { ...this.keys.publicKey.export({ format: 'jwk' }), kid: 'FAKE-KID', use: 'sig' }] });
    if (request.headers['api-key'] !== this.apiKey) return json(401, { errors: [{ error_code: 'unauthorized' }] });
    return this.#route(request);
  }

  #route({ method, path, query, body }: SandboxRequest): SandboxResponse {
    const byKey = /^\/v2\/shipments\/external_shipment_id\/(.+)$/.exec(path)?.[1];
    const cancelled = /^\/v2\/shipments\/([^/]+)\/cancel$/.exec(path)?.[1];
    if (path === '/v2/carriers') return json(200, { carriers: [] });
    if (byKey !== undefined) {
      const found = this.shipments.find((one) => one.external_shipment_id === decodeURIComponent(byKey));
      return found === undefined ? json(404, { errors: [{ error_code: 'not_found' }] }) : json(200, found);
    }
    if (cancelled !== undefined && method === 'PUT') {
      const found = this.shipments.find((one) => one.shipment_id === cancelled);
      if (found === undefined || found.shipment_status === 'label_purchased') return json(400, { errors: [{ error_code: 'invalid_status' }] });
      found.shipment_status = 'cancelled';
      return { status: 204 };
    }
    if (path === '/v2/shipments' && method === 'POST') return this.#create((JSON.parse(body.toString()) as { shipments: Shipment[] }).shipments);
    if (path === '/v2/shipments') return this.#page('shipments', this.shipments, query);
    if (path === '/v2/labels') return this.#page('labels', this.labels, query);
    if (path === '/v2/environment/webhooks') return this.#hooks(method, body);
    return json(404, { errors: [{ error_code: 'not_found' }] });
  }

  #create(shipments: readonly Shipment[]): SandboxResponse {
    for (const one of shipments) if (this.shipments.some((known) => known.external_shipment_id === one.external_shipment_id)) return json(409, { errors: [{ error_code: 'external_shipment_id_exists' }] });
    const made = shipments.map((one, n) => ({ ...one, shipment_id: `se-${100 + this.shipments.length + n}`, shipment_status: 'pending', created_at: new Date().toISOString() }));
    this.shipments.push(...made);
    return json(200, { has_errors: false, shipments: made });
  }

  #page(name: string, things: readonly { readonly created_at: string }[], query: URLSearchParams): SandboxResponse {
    const [page, size] = [Number(query.get('page') ?? '1'), Number(query.get('page_size') ?? '25')];
    const all = things.filter(({ created_at: at }) => at >= (query.get('created_at_start') ?? '') && at <= (query.get('created_at_end') ?? '9')).sort((a, b) => (a.created_at < b.created_at ? -1 : 1));
    return json(200, { [name]: all.slice((page - 1) * size, page * size), total: all.length, page, pages: Math.ceil(all.length / size) });
  }

  #hooks(method: string, body: Buffer): SandboxResponse {
    if (method === 'GET') return json(200, this.hooks);
    const { event, url } = JSON.parse(body.toString()) as { event: string; url: string };
    if (!url.startsWith('https://')) return json(400, { errors: [{ error_code: 'invalid_field_value' }] });
    const hook = { webhook_id: `se-${this.hooks.length + 1}`, event, url };
    this.hooks.push(hook);
    return json(200, hook);
  }
}

export const shipstationV2Sandbox = (account: ShipStationV2Account): SandboxPlatform =>
  ({ name: 'shipstation-v2', owns: (host) => host === 'api.shipstation.com' || host === 'api.shipengine.com', answer: (request) => account.answer(request) });
