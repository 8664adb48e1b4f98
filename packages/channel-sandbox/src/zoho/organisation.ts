import { json } from '../json-answer.js';
import type { SandboxPlatform, SandboxRequest, SandboxResponse } from '../server/sandbox.js';

export interface ZohoItem { readonly item_id: string; readonly sku: string; readonly name: string; stock_on_hand: number; available_stock: number; actual_available_stock: number; last_modified_time: string }
interface SalesOrder { readonly salesorder_id: string; readonly reference_number: string; readonly line_items: readonly { item_id: string; quantity: number; rate: number }[]; readonly total: number; status: string }

const stamp = (at: Date): string => at.toISOString().replace(/\.\d+Z$/, '+0000');

/** An organisation of Zoho Inventory and the accounts server that gives tokens for it. */
export class ZohoOrganisation {
  readonly items: ZohoItem[] = [];
  readonly salesOrders: SalesOrder[] = [];
  accessToken: string | null = null;
  tokensGiven = 0;

  constructor(readonly id: string, readonly client: { readonly id: string; readonly secret: string }, readonly refreshToken: string) {}

  put(sku: string, units: number, at = new Date()): void {
    const known = this.items.find((item) => item.sku === sku);
    const item = known ?? { item_id: `46000000012${1000 + this.items.length}`, sku, name: sku, stock_on_hand: 0, available_stock: 0, actual_available_stock: 0, last_modified_time: '' };
    Object.assign(item, { stock_on_hand: units, available_stock: units, actual_available_stock: units, last_modified_time: stamp(at) });
    if (known === undefined) this.items.push(item);
  }

  token(request: SandboxRequest): SandboxResponse {
    const form = new URLSearchParams(request.body.toString());
    if (form.get('grant_type') !== 'refresh_token' || form.get('client_id') !== this.client.id || form.get('client_secret') !== this.client.secret) return json(200, { error: 'invalid_client' });
    if (form.get('refresh_token') !== this.refreshToken) return json(200, { error: 'invalid_code' });
    this.tokensGiven += 1;
    this.accessToken = `1000.FAKE${this.tokensGiven}`;
    return json(200, { access_token: this.accessToken, api_domain: 'https://www.zohoapis.com', token_type: 'Bearer', expires_in: 3600 });
  }

  answer(request: SandboxRequest): SandboxResponse {
    if (this.accessToken === null || request.headers['authorization'] !== `Zoho-oauthtoken ${this.accessToken}`) return json(401, { code: 57, message: 'You are not authorized to perform this operation' });
    if (request.query.get('organization_id') !== this.id) return json(400, { code: 6041, message: 'This user is not associated with the CompanyID/CompanyName:.' });
    const path = request.path.replace('/inventory/v1', '');
    if (path === `/organizations/${this.id}`) return ok({ organization: { organization_id: this.id, name: 'Sandbox organisation' } });
    if (path === '/items') return this.#items(request.query);
    if (path === '/inventoryadjustments' && request.method === 'POST') return this.#adjust(JSON.parse(request.body.toString()) as { line_items: { item_id: string; quantity_adjusted: number }[] });
    if (path === '/salesorders' && request.method === 'GET') return ok({ salesorders: this.salesOrders.filter((one) => one.reference_number === request.query.get('reference_number')) });
    const voids = /^\/salesorders\/(\d+)\/status\/void$/.exec(path)?.[1];
    if (voids !== undefined) return this.#void(voids);
    if (path === '/salesorders') return this.#order(JSON.parse(request.body.toString()) as never);
    return json(404, { code: 5, message: 'Invalid URL Passed' });
  }

  #items(query: URLSearchParams): SandboxResponse {
    const [page, size] = [Number(query.get('page') ?? '1'), Math.min(200, Number(query.get('per_page') ?? '200'))];
    const since = Date.parse((query.get('last_modified_time') ?? '1970-01-01T00:00:00+0000').replace(/(\d\d)$/, ':$1'));
    const at = ({ last_modified_time }: ZohoItem): number => Date.parse(last_modified_time.replace(/(\d\d)$/, ':$1'));
    const all = this.items.filter((item) => (query.get('sku') === null || item.sku === query.get('sku')) && at(item) >= since).sort((a, b) => at(a) - at(b));
    return ok({ items: all.slice((page - 1) * size, page * size), page_context: { page, per_page: size, has_more_page: page * size < all.length } });
  }

  #adjust({ line_items: lines }: { readonly line_items: readonly { readonly item_id: string; readonly quantity_adjusted: number }[] }): SandboxResponse {
    for (const { item_id, quantity_adjusted } of lines) {
      const item = this.items.find((one) => one.item_id === item_id);
      if (item === undefined) return json(400, { code: 1002, message: 'Item does not exist.' });
      this.put(item.sku, item.stock_on_hand + quantity_adjusted);
    }
    return json(201, { code: 0, message: 'Inventory adjustment has been added.', inventory_adjustment: { inventory_adjustment_id: '1' } });
  }

  #void(id: string): SandboxResponse {
    const order = this.salesOrders.find(({ salesorder_id }) => salesorder_id === id);
    if (order === undefined) return json(404, { code: 1002, message: 'Sales order does not exist.' });
    order.status = 'void';
    return ok({});
  }

  #order(input: { reference_number: string; line_items: { item_id: string; quantity: number; rate: number }[]; discount?: number; shipping_charge?: number }): SandboxResponse {
    if (input.line_items.some(({ item_id }) => !this.items.some((item) => item.item_id === item_id))) return json(400, { code: 1002, message: 'Item does not exist.' });
    const cents = (amount = 0): number => Math.round(amount * 100);
    const total = input.line_items.reduce((sum, { quantity, rate }) => sum + quantity * cents(rate), 0) - cents(input.discount) + cents(input.shipping_charge);
    const salesorder = { salesorder_id: `25405540000${10_000 + this.salesOrders.length}`, reference_number: input.reference_number, line_items: input.line_items, total: total / 100, status: 'confirmed' };
    this.salesOrders.push(salesorder);
    return json(201, { code: 0, message: 'Sales Order has been created.', salesorder });
  }
}

const ok = (body: object): SandboxResponse => json(200, { code: 0, message: 'success', ...body });

/** Zoho with this organisation, in the American region. */
export const zohoSandbox = (organisation: ZohoOrganisation): SandboxPlatform => ({
  name: 'zoho', owns: (host) => host === 'www.zohoapis.com' || host === 'accounts.zoho.com',
  answer: (request) => (request.host.startsWith('accounts.') ? request.path === '/oauth/v2/token' ? organisation.token(request) : { status: 404 } : organisation.answer(request)),
});
