import { createHmac } from 'node:crypto';
import { json } from '../json-answer.js';
import type { Stage } from '../stage.js';
import { ZohoOrganisation, zohoSandbox } from './organisation.js';

/** An organisation of Zoho Inventory. */
export function zohoStage(): Stage {
  const organisation = new ZohoOrganisation('60001234', { id: '1000.FAKECLIENT', secret: 'fakesecret0001' }, '1000.FAKEREFRESH');
  organisation.accessToken = '1000.FAKE0';
  const skus = ['QY-MUG-WHT', 'QY-TEA-250'];
  for (const sku of skus) organisation.put(sku, 10);
  return {
    platform: zohoSandbox(organisation), shopDomain: '60001234',
    settings: { organizationId: '60001234', region: 'com', clientId: '1000.FAKECLIENT', customerId: '2540554000000074003', stockField: 'actual_available_stock', takes: 'ALL', callsADay: '2500' },
    secrets: { clientSecret: 'fakesecret0001', refreshToken: '1000.FAKEREFRESH', accessToken: '1000.FAKE0' }, wrongSecrets: { accessToken: '1000.FAKEOTHER' },
    throttled: json(429, { code: 44, message: 'For security reasons you have been blocked for some time as you have exceeded the maximum number of requests per minute that can be raised from one account.' }, { 'retry-after': '0.05' }),
    expire: () => { organisation.accessToken = null; },
    skus,
    stock: (sku, units) => organisation.put(sku, units),
    unitsOf: (sku) => organisation.items.find((item) => item.sku === sku)?.stock_on_hand,
    notice: (sku, key = '') => {
      const { item_id } = organisation.items.find((item) => item.sku === sku)!;
      const body = `{"item":{"item_id":${item_id},"sku":"${sku}"}}`;
      return { headers: { 'content-type': 'application/json', 'X-Zoho-Webhook-Signature': createHmac('sha256', key).update(body).digest('hex') }, body };
    },
    push: (n, _at, { secret }) => {
      const body = `{"item":{"item_id":${2_540_554_000_000_074_003n + BigInt(n)}}}`;
      return { body, headers: { 'content-type': 'application/json', 'X-Zoho-Webhook-Signature': createHmac('sha256', secret).update(body).digest('hex') } };
    },
    pushed: () => organisation.salesOrders.filter(({ status }) => status !== 'void').map(({ salesorder_id, reference_number, line_items, total }) => ({
      id: salesorder_id, sourceId: reference_number, totalMinor: Math.round(total * 100),
      quantities: Object.fromEntries(line_items.map(({ item_id, quantity }) => [organisation.items.find((item) => item.item_id === item_id)!.sku, quantity])),
    })),
  };
}
