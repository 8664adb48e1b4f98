import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from '@jest/globals';
import { STAGES, startSandbox, type Sandbox, type SandboxRequest } from '@quanyu/channel-sandbox';
import { Outbound } from '../../outbound/outbound.js';
import type { OrderContext } from '../channel.js';
import { CHANNELS, PLATFORMS, slugOf, type Platform } from '../channels.js';
import type { Client, Connector, OrderToPush } from '../connector.js';
import { parseJson } from '../reading/parse-json.js';

// What we read of each platform and what we send to it is written down in contracts/, and changes there or nowhere: one
// who changes a connector sees which of the platform's words it now needs. `npm run jest -- channels/suite/contracts -u` writes it anew.

const START = Math.floor(Date.now() / 1000) * 1000 - 1_800_000;
const at = (seconds: number): Date => new Date(START + seconds * 1000);
const context: OrderContext = { cancelled: false, triggeredAt: null, privacy: { seal: (_plain, row, field) => `${row} ${field}`, index: (kind, value) => `${kind} ${value}` } };
const order: OrderToPush = {
  sourceId: 'ord_01fake0000000000000000000a', platform: 'H5', externalOrderId: '3047218903434971123', orderNumber: 'T-3047218903434971123', placedAt: at(0), currency: 'CNY',
  lines: [{ lineId: 'lin_1', externalSku: 'QY-MUG-WHT', title: 'Mug', quantity: 2, unitPriceMinor: 3990 }], discountMinor: 0, shippingMinor: 570, taxMinor: 0, totalMinor: 8550,
  shipTo: { name: '张三', phone: '+8613800000001', address1: '示例路 1 号', address2: null, city: '杭州市', province: '浙江省', postalCode: '310000', countryCode: 'CN' }, shippingHints: { method: 'Express' },
  notes: { buyer: '请周末送达', gift: '生日快乐', instructions: '刻字: 安娜', seller: '老客户' },
};
const isRenewing = (): boolean => (expect.getState() as unknown as { snapshotState: { _updateSnapshot: string } }).snapshotState._updateSnapshot === 'all';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => { for (const one of open.splice(0)) await one.close(); });

/** Paths that a reader asks of a body, whether they are there or not. */
function watched(value: unknown, paths: Set<string>, path = ''): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return new Proxy(value, {
    get(target, key) {
      const found = Reflect.get(target, key) as unknown;
      if (typeof key === 'symbol' || typeof found === 'function' || (Array.isArray(target) && !/^\d+$/.test(key)) || ['constructor', 'then', 'toJSON', 'nodeType'].includes(key)) return found;
      const place = Array.isArray(target) ? `${path}[]` : path === '' ? key : `${path}.${key}`;
      if (!Array.isArray(target)) paths.add(place);
      return watched(found, paths, place);
    },
  });
}

/** Paths of the values of a body that is sent. */
const pathsOf = (value: unknown, path = ''): string[] =>
  (Array.isArray(value) ? [...new Set(value.flatMap((one) => pathsOf(one, `${path}[]`)))]
    : typeof value === 'object' && value !== null ? Object.entries(value).flatMap(([key, one]) => (/^\d+$/.test(key) ? [] : pathsOf(one, path === '' ? key : `${path}.${key}`)))
    : [path]);

const TRANSPORT = new Set(['host', 'connection', 'content-length', 'transfer-encoding', 'user-agent', 'accept', 'accept-encoding', 'accept-language', 'sec-fetch-mode', 'date', 'idempotency-key']);

function shapeOf({ method, host, path, query, headers, body }: SandboxRequest, shop: string): object {
  const text = body.toString();
  const type = headers['content-type'] ?? '';
  const parsed = type.includes('json') && text !== '' ? JSON.parse(text) as Record<string, unknown> : type.includes('urlencoded') ? Object.fromEntries(new URLSearchParams(text)) : null;
  const asked = typeof parsed?.['query'] === 'string' ? parsed['query'].replaceAll(/\s+/g, ' ').trim() : null;
  return {
    call: `${method} ${host.replace(/:\d+$/, '').replace(shop, '{shop}')}${path.replaceAll(/\d{5,}|[0-9a-f]{16,}/g, '{id}')}`,
    ...(query.has('method') && { method: query.get('method') }), ...(typeof parsed?.['method'] === 'string' && { method: parsed['method'] }), ...(typeof parsed?.['type'] === 'string' && { type: parsed['type'] }),
    query: [...new Set(query.keys())].sort(), headers: Object.keys(headers).filter((name) => !TRANSPORT.has(name)).sort(),
    body: parsed === null ? [] : [...new Set(pathsOf(parsed))].sort(),
    ...(asked !== null && { graphql: `${/^\w+ ?\w*/.exec(asked)?.[0] ?? ''} ${createHash('sha256').update(asked).digest('hex').slice(0, 12)}` }),
  };
}

async function contractOf(platform: Platform, connector: Connector): Promise<object> {
  const stage = STAGES[platform]!();
  const sandbox: Sandbox = await startSandbox([stage.platform]);
  const outbound = new Outbound({ via: sandbox.url, backoffMs: 1 });
  open.push(outbound, sandbox);
  const client: Client = connector.open({ account: { shopDomain: stage.shopDomain, settings: stage.settings, secrets: stage.secrets }, line: outbound.line('contract', { burst: 1_000, perSecond: 1_000 }), now: () => new Date() });
  const sends = async (work: () => Promise<unknown>): Promise<object[]> => {
    const before = sandbox.requests.length;
    await work();
    const shapes = sandbox.requests.slice(before).map((request) => JSON.stringify(shapeOf(request, stage.shopDomain ?? '\n')));
    return [...new Set(shapes)].sort().map((shape) => JSON.parse(shape) as object);
  };
  const id = stage.order?.(1, at(600)) ?? '';
  const reads = new Set<string>();
  const pulled = async (): Promise<void> => {
    for (let page: string | null = null; ;) {
      const { orders, next } = await client.pullOrders!({ from: at(300), to: at(900) }, page);
      for (const { body } of orders) CHANNELS[platform].toOrder(watched(parseJson(Buffer.from(body)), reads), context);
      if (next === null) break;
      page = next;
    }
    expect(reads.size).toBeGreaterThan(5);
  };
  const told = new Set<string>();
  for (const file of globSync(`../${slugOf(platform)}/fixtures/*.json`, { cwd: import.meta.dirname })) CHANNELS[platform].toOrder(watched(parseJson(readFileSync(new URL(file, import.meta.url))), told), context);
  for (const sku of stage.skus ?? []) stage.stock?.(sku, 10);
  return {
    platform, capabilities: [...connector.capabilities].sort(),
    account: connector.fields.map(({ name, secret }) => (secret ? `${name} (secret)` : name)).sort(),
    webhooks: Object.fromEntries(Object.entries(CHANNELS[platform].topics).sort(([one], [other]) => (one < other ? -1 : 1))),
    ...(told.size > 0 && { webhookReads: [...told].sort() }),
    ...(client.pullOrders !== undefined && { orderIn: { asks: await sends(pulled), reads: [...reads].sort() } }),
    ...(client.pushTracking !== undefined && stage.order !== undefined && { trackingOut: await sends(() => client.pushTracking!({ externalOrderId: id, trackingNumber: 'SF0000000000001', carrier: 'SF', trackingUrl: null, lines: null, contact: '+86-138****0001' })) }),
    ...(client.setStock !== undefined && stage.skus !== undefined && { stockOut: await sends(() => client.setStock!([{ externalSku: stage.skus![0]!, quantity: 7, expected: 10 }])) }),
    ...(client.pushOrder !== undefined && { orderOut: await sends(() => client.pushOrder!(order)) }),
    ...(client.givenOrders !== undefined && { ordersCompared: await sends(() => client.givenOrders!({ from: at(300), to: at(900) }, null)) }),
  };
}

describe('the contract with', () => {
  it.each(PLATFORMS.filter((platform) => CHANNELS[platform].connector !== null))('%s is what contracts/ says: what we read, what we send, which webhooks mean what', async (platform) => {
    const file = new URL(`../../../contracts/${slugOf(platform)}.json`, import.meta.url);
    const contract = await contractOf(platform, CHANNELS[platform].connector!);
    if (isRenewing()) writeFileSync(file, `${JSON.stringify(contract, null, 1)}\n`);
    expect(existsSync(file)).toBe(true);
    expect(contract).toEqual(JSON.parse(readFileSync(file, 'utf8')));
  });

  it('a marketplace names each field that its reader asks for, also one that is not there', () => {
    const paths = new Set<string>();
    const body = watched({ id: '1', lines: [{ sku: 'a', more: { deep: 1 } }] }, paths) as { id: string; gone?: string; lines: { sku: string; more: { deep: number } }[] };
    expect([body.id, body.gone, body.lines.map(({ sku, more }) => [sku, more.deep])]).toEqual(['1', undefined, [['a', 1]]]);
    expect([...paths].sort()).toEqual(['gone', 'id', 'lines', 'lines[].more', 'lines[].more.deep', 'lines[].sku']);
  });
});
