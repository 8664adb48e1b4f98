import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { gzipSync } from 'node:zlib';
import { gbk, STAGES, startSandbox, zip, type Sandbox, type SandboxResponse, type Stage } from '@quanyu/channel-sandbox';
import { channelProductTold, orderReceived } from '@quanyu/events';
import { newId } from '@quanyu/ids';
import { Outbound } from '../../outbound/outbound.js';
import type { PlatformError } from '../../outbound/platform-error.js';
import type { OrderContext, ToldOrder } from '../channel.js';
import { CHANNELS, PLATFORMS, type Platform } from '../channels.js';
import { share } from '../../domain/share.js';
import { guardedLine } from '../../outbound/guarded-line.js';
import type { Capability, Client, Connector, GivenOrder, OrderToPush, Parcel, ProductToPush, PulledOrder, Shipment, StockLevel, WaybillToIssue, Window } from '../connector.js';
import type { ListedCustomer, ListPage } from '../reading/listing.js';
import { parseJson } from '../reading/parse-json.js';

// What every connector promises, tried against its platform's sandbox. A new one is under it by its line in STAGES.

const FAST = { burst: 1_000_000, perSecond: 1_000_000 };
const ORDERS = 130;
const MINUTE = 60_000;
/** Half an hour ago, in whole seconds: within every platform's patience. */
const START = Math.floor(Date.now() / 1000) * 1000 - 30 * MINUTE;
const WINDOW: Window = { from: new Date(START), to: new Date(START + 20 * MINUTE) };
const at = (seconds: number): Date => new Date(START + seconds * 1000);
const privacy: OrderContext['privacy'] = { seal: (plain, row, field) => `sealed ${field} of ${row}: ${plain}`, index: (kind, value) => `${kind} ${value}` };
const orderToPush: OrderToPush = {
  sourceId: 'ord_01fake0000000000000000000a', platform: 'TAOBAO', externalOrderId: '3047218903434971123', orderNumber: 'T-3047218903434971123', placedAt: at(0), currency: 'CNY',
  lines: [{ lineId: 'lin_1', externalSku: 'QY-MUG-WHT', title: '杯', quantity: 2, unitPriceMinor: 3990 }, { lineId: 'lin_2', externalSku: 'QY-TEA-250', title: '茶', quantity: 1, unitPriceMinor: 750 }],
  discountMinor: 980, shippingMinor: 800, taxMinor: 0, totalMinor: 8550,
  shipTo: { name: '张三', phone: '+8613800000001', address1: '示例路 1 号', address2: null, city: '杭州市', province: '浙江省', postalCode: '310000', countryCode: 'CN' },
  shippingHints: { method: '顺丰特快' }, notes: { buyer: '请周末送达', gift: '生日快乐', instructions: '刻字: 安娜', seller: '老客户' },
};
const product: ProductToPush = {
  sourceId: 'prd_01fake0000000000000000000a', title: '杯', brand: '全域', status: 'ACTIVE', currency: 'CNY',
  skus: [['CUP-W', 3990, '白'], ['CUP-B', 4190, '黑']].map(([code, priceMinor, colour]) => ({ code: code as string, title: `${colour}杯`, options: [{ name: '颜色', value: colour as string }], barcode: '4006381333931', weightGrams: 350, priceMinor: priceMinor as number })),
};
const payment = { paymentId: newId('pay') as string, description: '茶杯 x 2', amountMinor: 8550, currency: 'CNY', payer: 'oFAKEOPENID', notifyUrl: 'https://shop.example.com/notify', expiresAt: new Date(Date.now() + 15 * MINUTE) };
const refund = { paymentId: payment.paymentId, refundId: newId('rfd') as string, amountMinor: 3990, totalMinor: 8550, currency: 'CNY', reason: '退一件', askedAt: new Date() };
const tracked = { carrier: 'SF', trackingNumber: 'SF0000000000001', phoneEnd: '0001' };
const parcelOf = (externalOrderId: string): Parcel => ({ externalOrderId, trackingNumber: 'SF0000000000001', carrier: 'SF', trackingUrl: null, lines: null, contact: '+86-138****0001' });
const sender = { name: '拾光工作室', phone: '13900000009', province: '浙江省', city: '杭州市', address: '样本路 9 号' };
const clear = { name: '王小明', phone: '13700000003', province: '四川省', city: '成都市', address: '样本街 3 号 #2' };
const masked = { name: '王**', phone: '*******0003', province: '四川省', city: '成都市', address: '**街**号' };
const BILL_DAY = '2026-03-01';

/** Has what is asked for be there, then asks: once for each thing that a connector can be asked. Who declares a new one is told here that nobody tries it. */
type Asking = (client: Client) => Promise<unknown>;
const ASK = {
  pullOrders: (stage) => { stage.order!(1, at(600)); return (client) => client.pullOrders!(WINDOW, null); },
  getOrder: (stage) => { const id = stage.order!(1, at(600)); return (client) => client.getOrder!(id); },
  pushTracking: (stage) => { const id = stage.order!(1, at(600)); return (client) => client.pushTracking!(parcelOf(id)); },
  setStock: (stage) => { stage.stock!(stage.skus![0]!, 10); return (client) => client.setStock!([{ externalSku: stage.skus![0]!, quantity: 7, expected: null }]); },
  pushOrder: () => (client) => client.pushOrder!(orderToPush),
  recallOrder: () => (client) => client.recallOrder!({ sourceId: orderToPush.sourceId, orderNumber: orderToPush.orderNumber, externalOrderId: null }),
  givenOrders: () => (client) => client.givenOrders!(WINDOW, null),
  pullShipments: () => (client) => client.pullShipments!(WINDOW, null),
  shipmentsAt: (stage) => (client) => client.shipmentsAt!((JSON.parse(stage.notice!('1').body) as { resource_url: string }).resource_url),
  pullStock: () => (client) => client.pullStock!(null, null),
  listGoods: (stage) => { stage.fill!(3, 3); return (client) => client.listGoods!(null); },
  listCustomers: (stage) => { stage.fill!(3, 3); return (client) => client.listCustomers!(null); },
  pushProduct: () => (client) => client.pushProduct!(product),
  ensureWebhooks: () => (client) => client.ensureWebhooks!('https://shop.example.com/webhooks/here/con_a?key=FAKE'),
  startPayment: () => (client) => client.startPayment!(payment),
  findPayment: (_stage, client) => begun(client, (later) => later.findPayment!(payment.paymentId)),
  closePayment: (_stage, client) => begun(client, (later) => later.closePayment!(payment.paymentId, payment.expiresAt)),
  refundPayment: (stage, client) => begun(client, (later) => later.refundPayment!(refund), () => stage.pay!(payment.paymentId)),
  downloadBill: (stage) => { stage.bill!(BILL_DAY, [{ paymentId: payment.paymentId, refundId: null, amountMinor: 8550, feeMinor: 51 }]); return (client) => client.downloadBill!(BILL_DAY); },
  issueWaybill: (stage, _client, numbers) => { const waybill = waybillFor(stage, numbers, 'wbl_01fake0000000000000000000a'); return (client) => client.issueWaybill!(waybill); },
  trackParcel: () => (client) => client.trackParcel!(tracked),
  followParcel: () => (client) => client.followParcel!(tracked, { url: 'https://shop.example.com/tracks', salt: 'FAKE-SALT' }),
} satisfies Record<Capability, (stage: Stage, client: Client, numbers: Connector['numbers']) => Asking | Promise<Asking>>;

async function begun(client: Client, asking: Asking, then?: () => void): Promise<Asking> {
  await client.startPayment!(payment);
  then?.();
  return asking;
}
function waybillFor(stage: Stage, numbers: Connector['numbers'], requestId: string): WaybillToIssue {
  const externalOrderId = numbers === 'MASKED' ? stage.order!(1, at(600)) : 'own-1';
  return { requestId, carrier: 'SF', externalOrderId, sender, receiver: numbers === 'MASKED' ? masked : clear, receiverKey: numbers === 'MASKED' ? stage.receiverKey!(externalOrderId) : null, goods: '杯 x2', pieces: 2, weightGrams: 750 };
}
/** Platforms that look at the time of a call, and what that is to us; WeChat says of it what it says of a wrong signature. */
const CLOCKED: Partial<Record<Platform, string>> = { TAOBAO: 'REQUEST_REFUSED', DOUYIN: 'REQUEST_REFUSED', PINDUODUO: 'REQUEST_REFUSED', XIAOHONGSHU: 'REQUEST_REFUSED', WECHAT: 'CREDENTIALS_REFUSED' };
/** Platforms that say whose shop a key opens. */
const NAMES_ITS_SHOP: readonly Platform[] = ['PINDUODUO', 'STRIPE'];
/** Platforms that say it with each new key alone. */
const NAMES_ITS_SHOP_RENEWED: readonly Platform[] = ['DOUYIN', 'XIAOHONGSHU'];
const NONSENSE = ['<html>maintenance</html>', '', 'null', '[]', '"ok"', '{}', '{"__proto__":{"code":0}}', '\u0000'];

const connectors = PLATFORMS.flatMap((platform) => (CHANNELS[platform].connector === null ? [] : [[platform, CHANNELS[platform].connector as Connector] as const]));

describe.each(connectors)('%s', (platform: Platform, connector: Connector) => {
  let stage: Stage;
  let sandbox: Sandbox;
  let outbound: Outbound;
  let lines = 0;
  let client: Client;
  const account = (secrets: Readonly<Record<string, string>> = {}) => ({ shopDomain: stage.shopDomain, settings: stage.settings, secrets: { ...stage.secrets, ...secrets } });
  /** On a line of its own, so that no breaker of an earlier fault is in the way. */
  const open = (secrets?: Readonly<Record<string, string>>, via = outbound): Client =>
    connector.open({ account: account(secrets), line: via.line(String(lines += 1), FAST), now: () => new Date() });
  const tried = new Set<string>();
  /** Whether it has declared all of these; what is tried below is noted. */
  const can = (...capabilities: readonly Capability[]): boolean => {
    const has = capabilities.every((capability) => connector.capabilities.includes(capability));
    if (has) for (const capability of capabilities) tried.add(capability);
    return has;
  };
  /** One that does not wait for a platform that says that it is asked too often. */
  const hasty = (secrets?: Readonly<Record<string, string>>, via = outbound): Client => {
    const line = via.line(String(lines += 1), FAST);
    line.bucket.pause = () => undefined;
    return connector.open({ account: account(secrets), line, now: () => new Date() });
  };
  const fault = (answer: SandboxResponse): void => sandbox.fail(stage.platform.name, answer);

  beforeEach(async () => {
    stage = STAGES[platform]!();
    sandbox = await startSandbox([stage.platform]);
    outbound = new Outbound({ via: sandbox.url, backoffMs: 1 });
    client = open();
  });
  afterEach(async () => { await outbound.close(); await sandbox.close(); });

  it('asks for fields that its shop can fill in, and has the methods that it declares', () => {
    for (const { name, secret, standard, form } of connector.fields) expect((secret ? stage.secrets : stage.settings)[name] ?? standard ?? '').toMatch(form);
    expect(connector.capabilities.filter((capability) => client[capability] === undefined)).toEqual([]);
    const declares = (capability: Capability): boolean => connector.capabilities.includes(capability);
    expect(declares('pullOrders')).toBe(connector.pull !== null);
    expect(declares('setStock')).toBe(connector.stock !== null);
    // Nothing of ours leaves for one that has no list of what may.
    expect([declares('pushOrder'), declares('pushProduct')]).toEqual([connector.shares?.ORDER !== undefined, connector.shares?.PRODUCT !== undefined]);
  });

  it('declares nothing that is not tried here', () => {
    expect(connector.capabilities.filter((capability) => !tried.has(capability) || !Object.hasOwn(ASK, capability))).toEqual([]);
  });

  describe.each(connector.capabilities)('asked for %s', (capability) => {
    const prepared = async (): Promise<Asking> => ASK[capability](stage, open(), connector.numbers);

    it('says that its key is refused, be it wrong or over', async () => {
      const ask = await prepared();
      expect(await codeOf(ask(open(stage.wrongSecrets)))).toBe('CREDENTIALS_REFUSED');
      if (stage.expire === undefined) return;
      stage.expire();
      expect(await codeOf(ask(open()))).toBe(WITHOUT_TOKEN[platform]?.includes(capability) === true ? 'none' : 'CREDENTIALS_REFUSED');
    });

    it('goes on after the platform said that it is asked too often, and says so where it stays so', async () => {
      const ask = await prepared();
      fault(stage.throttled);
      expect(await codeOf(ask(hasty()))).toBe('THROTTLED');
      sandbox.fail(stage.platform.name, stage.throttled, 1);
      expect(await codeOf(ask(hasty()))).toBe('none');
    });

    it('tells a platform that is down, unreachable, slow or talks nonsense, and takes none of it for an answer', async () => {
      const ask = await prepared();
      for (const [answer, code] of [['DOWN', 'PLATFORM_DOWN'], ['RESET', 'PLATFORM_UNREACHABLE'], ...NONSENSE.map((body) => [{ status: 200, body }, 'ANSWER_INVALID'] as const)] as const) {
        sandbox.fail(stage.platform.name, answer);
        expect([answer, await codeOf(ask(open()))]).toEqual([answer, code]);
      }
      sandbox.fail(stage.platform.name, { slowMs: 400 });
      const impatient = new Outbound({ via: sandbox.url, backoffMs: 1, timeoutMs: 100 });
      expect(await codeOf(ask(open({}, impatient)))).toBe('PLATFORM_TIMEOUT');
      await impatient.close();
    });
  });

  it('connects, signs in and fetches', async () => {
    expect((await client.check()).shopName).not.toBe('');
  });

  it('says that its key is refused, be it wrong or over', async () => {
    expect(await codeOf(open(stage.wrongSecrets).check())).toBe('CREDENTIALS_REFUSED');
    if (stage.expire === undefined) return;
    stage.expire();
    expect(await codeOf(open().check())).toBe('CREDENTIALS_REFUSED');
  });

  it('says that it is refused where our clock is eleven minutes off and the platform looks at it', async () => {
    for (const apart of [-11, 11]) {
      const late = connector.open({ account: account(), line: outbound.line(String(lines += 1), FAST), now: () => new Date(Date.now() + apart * MINUTE) });
      expect(await codeOf(late.check())).toBe(CLOCKED[platform] ?? 'none');
    }
  });

  if (NAMES_ITS_SHOP.includes(platform)) it('does not open the shop of somebody else, whose key it is', async () => {
    const elsewhere = connector.open({ account: { ...account(), shopDomain: stage.shopDomain!.replace(/[1-9a-z](?=[^1-9a-z]*$)/, (sign) => (sign === '7' ? '8' : '7')) }, line: outbound.line(String(lines += 1), FAST), now: () => new Date() });
    expect(await codeOf(elsewhere.check())).toBe('CREDENTIALS_REFUSED');
  });

  if (NAMES_ITS_SHOP_RENEWED.includes(platform)) it('takes no new key that opens the shop of somebody else', async () => {
    const renew = (shopDomain: string | null) => connector.renew!({ account: { ...account(), shopDomain }, line: outbound.line(String(lines += 1), FAST), now: () => new Date() });
    expect(await codeOf(renew(`${stage.shopDomain!.slice(0, -1)}8`))).toBe('CREDENTIALS_REFUSED');
    expect(stage.shopDomain).not.toMatch(/8$/);
  });

  it('waits where the platform says that it asks too often, and goes on', async () => {
    sandbox.fail(stage.platform.name, stage.throttled, 1);
    expect(await codeOf(client.check())).toBe('none');
    fault(stage.throttled);
    const refused = await errorOf(open().check());
    expect([refused?.code, (refused?.retryAfterMs ?? 0) > 0]).toEqual(['THROTTLED', true]);
  });

  it('tells a platform that is down, unreachable or slow from one that answers nonsense', async () => {
    sandbox.fail(stage.platform.name, 'DOWN');
    expect(await codeOf(open().check())).toBe('PLATFORM_DOWN');
    sandbox.fail(stage.platform.name, 'RESET');
    expect(await codeOf(open().check())).toBe('PLATFORM_UNREACHABLE');
    sandbox.fail(stage.platform.name, { slowMs: 600 });
    const impatient = new Outbound({ via: sandbox.url, backoffMs: 1, timeoutMs: 100 });
    expect(await codeOf(open({}, impatient).check())).toBe('PLATFORM_TIMEOUT');
    await impatient.close();
    for (const body of NONSENSE) {
      fault({ status: 200, body });
      expect([body, await codeOf(open().check())]).toEqual([body, 'ANSWER_INVALID']);
    }
  });

  it('follows no redirect', async () => {
    fault({ status: 302, headers: { location: 'https://169.254.169.254/latest/meta-data/' } });
    expect(await codeOf(open().check())).toBe('ANSWER_INVALID');
    expect(new Set(sandbox.requests.map(({ host }) => stage.platform.owns(host)))).toEqual(new Set([true]));
  });

  if (can('pullOrders')) {
    const pullAll = async (window: Window, acknowledging = false): Promise<PulledOrder[]> => {
      const orders: PulledOrder[] = [];
      let page: string | null = null;
      do {
        const got = await client.pullOrders!(window, page);
        orders.push(...got.orders);
        if (acknowledging) await got.acknowledge!();
        page = got.next;
      } while (page !== null);
      return orders;
    };

    if (connector.pull?.reads === 'WAITING') {
      it('tells all that waits, however old, until it is acknowledged, and nothing after that', async () => {
        const ids = Array.from({ length: ORDERS }, (_, n) => stage.order!(n, at(n * 86_400 - 9_000_000)));
        for (const _time of [1, 2]) expect(new Set((await pullAll(WINDOW)).map(({ externalOrderId }) => externalOrderId))).toEqual(new Set(ids));
        const pulled = await pullAll(WINDOW, true);
        expect([pulled.length, stage.waiting!()]).toEqual([ORDERS, []]);
        expect(pulled.find(({ externalOrderId }) => externalOrderId === ids[7])?.updatedAt).toEqual(at(7 * 86_400 - 9_000_000));
        expect(await pullAll(WINDOW, true)).toEqual([]);
      });

      it('skips none that comes while the others are read, and tells none twice', async () => {
        const ids = Array.from({ length: ORDERS }, (_, n) => stage.order!(2 * n, at(n * 8)));
        let late = 0;
        stage.betweenPages!(() => { if (late < 5) { late += 1; ids.push(stage.order!(2 * late + 1, at(late))); } });
        const first = await pullAll(WINDOW, true);
        stage.betweenPages!(null);
        const told = [...first, ...await pullAll(WINDOW, true)].map(({ externalOrderId }) => externalOrderId);
        expect([late > 1, [...told].sort(), stage.waiting!()]).toEqual([true, [...ids].sort(), []]);
      });
    } else {
      it('tells all orders that changed in a window, over its pages, and no others', async () => {
        const ids = Array.from({ length: ORDERS }, (_, n) => stage.order!(n, at(n * 8)));
        stage.order!(ORDERS, at(-120));
        stage.order!(ORDERS + 1, at(21 * 60));
        const pulled = await pullAll(WINDOW);
        expect(new Set(pulled.map(({ externalOrderId }) => externalOrderId))).toEqual(new Set(ids));
        expect(pulled.find(({ externalOrderId }) => externalOrderId === ids[7])?.updatedAt).toEqual(at(56));
        expect(await pullAll({ from: at(-1200), to: at(-600) })).toEqual([]);
      });

      it('skips no order though others change while its pages are read', async () => {
        const ids = Array.from({ length: ORDERS }, (_, n) => stage.order!(n, at(n * 8)));
        let late = 0;
        // Out of the window, from the newest down: whoever reads forward by page numbers would skip what moves up.
        stage.betweenPages!(() => { late += 1; stage.order!(ORDERS - late, at(20 * 60 + 30 + late)); });
        const first = await pullAll(WINDOW);
        stage.betweenPages!(null);
        const second = await pullAll({ from: at(20 * 60), to: at(22 * 60) });
        expect(late).toBeGreaterThan(1);
        expect(new Set([...first, ...second].map(({ externalOrderId }) => externalOrderId))).toEqual(new Set(ids));
      });

      it('tells an order in the overlap of two windows in one and the same state', async () => {
        const id = stage.order!(1, at(600));
        const [early] = await pullAll({ from: at(300), to: at(660) });
        const [late] = await pullAll({ from: at(540), to: at(900) });
        expect(early).toMatchObject({ externalOrderId: id, updatedAt: at(600) });
        expect(late).toEqual(early);
      });
    }

    it('tells what the buyer wrote with the order, sealed', async () => {
      stage.order!(1, at(600));
      const [pulled] = await pullAll(WINDOW);
      const { sealedNotes, externalOrderId } = told(platform, pulled!);
      expect(sealedNotes).toContain(`sealed notes of ${externalOrderId}: {"buyer":"请周末送达"`);
    });

    it('tells orders whose parts add up', async () => {
      const id = stage.order!(1, at(600));
      const [pulled] = await pullAll(WINDOW);
      const order = told(platform, pulled!);
      expect(order).toMatchObject({ externalOrderId: id, updatedAt: at(600).toISOString(), paymentState: 'PAID', cancelledAt: null, lines: stage.skus!.map((sku) => ({ externalSku: sku })) });
      const { itemsMinor, discountMinor, shippingMinor, taxMinor, taxesIncluded, totalMinor } = order.amounts;
      expect(itemsMinor - discountMinor + shippingMinor + (taxesIncluded ? 0 : taxMinor)).toBe(totalMinor);
      expect(order.lines.reduce((sum, { unitPriceMinor, quantity }) => sum + unitPriceMinor * quantity, 0)).toBe(itemsMinor);
    });
  }

  if (can('getOrder')) {
    it('finds an order by its id, and says null where there is none', async () => {
      const id = stage.order!(1, at(600));
      const found = await client.getOrder!(id);
      expect(found).toMatchObject({ externalOrderId: id, updatedAt: at(600) });
      expect(told(platform, found!).externalOrderId).toBe(id);
      expect(await client.getOrder!(id.replace(/\d$/, (digit) => String((Number(digit) + 5) % 10)))).toBeNull();
    });
  }

  if (can('pushTracking')) {
    it('writes a parcel once, and knows it again', async () => {
      const id = stage.order!(1, at(600));
      expect([await client.pushTracking!(parcelOf(id)), await client.pushTracking!(parcelOf(id))]).toEqual(['WRITTEN', 'ALREADY_THERE']);
      expect(stage.parcelsOf!(id).map(({ number }) => number)).toEqual(['SF0000000000001']);
    });

    it('writes a parcel once though the answer got lost', async () => {
      const id = stage.order!(1, at(600));
      sandbox.fail(stage.platform.name, { loseWhen: () => stage.parcelsOf!(id).length > 0 });
      const first = await codeOf(client.pushTracking!(parcelOf(id)));
      expect(['none', 'PLATFORM_UNREACHABLE']).toContain(first);
      if (first !== 'none') expect(await client.pushTracking!(parcelOf(id))).toBe('ALREADY_THERE');
      expect(stage.parcelsOf!(id)).toHaveLength(1);
    });

    if (can('getOrder')) it('shows the order as sent once its parcel is written', async () => {
      const id = stage.order!(1, at(600));
      const statusOf = async (): Promise<string> => told(platform, (await client.getOrder!(id))!).rawStatus;
      const before = await statusOf();
      await client.pushTracking!(parcelOf(id));
      expect([before, await statusOf()]).toEqual(SENT[platform]);
    });

    if (connector.answersLater !== true) it('does not take an order that is not there for written', async () => {
      const id = stage.order!(1, at(600));
      expect(['REQUEST_REFUSED', 'NOT_FOUND']).toContain(await codeOf(client.pushTracking!(parcelOf(id.replace(/\d$/, (digit) => String((Number(digit) + 5) % 10))))));
    });
  }

  if (can('setStock')) {
    it('sets stock to a figure, twice to the same one, and says which goods it does not know', async () => {
      for (const sku of stage.skus!) stage.stock!(sku, 10);
      const [first, second] = stage.skus as [string, string];
      const levels = [{ externalSku: first, quantity: 7, expected: null }, { externalSku: 'QY-GONE', quantity: 1, expected: null }, { externalSku: second, quantity: 0, expected: null }];
      for (const _time of [1, 2]) expect((await client.setStock!(levels)).map(({ result }) => result)).toEqual(['SET', connector.answersLater === true ? 'SET' : 'UNKNOWN_SKU', 'SET']);
      expect([stage.unitsOf!(first), stage.unitsOf!(second)]).toEqual([7, 0]);
      await client.setStock!([{ externalSku: second, quantity: 120, expected: null }]);
      expect([stage.unitsOf!(first), stage.unitsOf!(second)]).toEqual([7, 120]);
    });

    it('leaves alone what somebody changed meanwhile, where the platform can compare', async () => {
      const [sku] = stage.skus as [string];
      stage.stock!(sku, 10);
      const [set] = await client.setStock!([{ externalSku: sku, quantity: 7, expected: 9 }]);
      expect([set?.result, stage.unitsOf!(sku)]).toEqual(connector.stock === 'ABSOLUTE' ? ['SET', 7] : ['CHANGED_MEANWHILE', 10]);
      expect(await client.setStock!([{ externalSku: sku, quantity: 5, expected: connector.stock === 'ABSOLUTE' ? 7 : 10 }])).toEqual([{ externalSku: sku, result: 'SET' }]);
      expect(stage.unitsOf!(sku)).toBe(5);
    });

    it('sets stock once though the answer got lost', async () => {
      const [sku] = stage.skus as [string];
      stage.stock!(sku, 10);
      sandbox.fail(stage.platform.name, { loseWhen: () => stage.unitsOf!(sku) === 4 });
      const level = { externalSku: sku, quantity: 4, expected: null };
      if (await codeOf(client.setStock!([level])) !== 'none') await client.setStock!([level]);
      expect(stage.unitsOf!(sku)).toBe(4);
    });
  }

  if (connector.renew !== undefined) {
    it('gets a new token for one that is over', async () => {
      stage.expire!();
      expect(await codeOf(open().check())).toBe('CREDENTIALS_REFUSED');
      const renewed = await connector.renew!({ account: account(), line: outbound.line('renew', FAST), now: () => new Date() });
      expect(renewed.expiresAt.getTime()).toBeGreaterThan(Date.now() + 30 * MINUTE);
      expect(Object.keys(renewed.secrets).every((name) => connector.fields.some((field) => field.name === name && field.secret && field.form.test(renewed.secrets[name]!)))).toBe(true);
      expect(await codeOf(open(renewed.secrets).check())).toBe('none');
    });

    it('says that its key is refused where what it renews with is refused', async () => {
      const broken = Object.fromEntries(Object.entries(stage.secrets).map(([name, value]) => [name, name === 'accessToken' ? value : value.replace(/.$/, (last) => (last === 'x' ? 'y' : 'x'))]));
      expect(await codeOf(connector.renew!({ account: account(broken), line: outbound.line('renew', FAST), now: () => new Date() }))).toBe('CREDENTIALS_REFUSED');
    });
  }

  if (can('pushOrder')) {
    const order = orderToPush;

    it('writes an order once, exactly, and knows it by our id', async () => {
      const first = await client.pushOrder!(order);
      expect(first.result).toBe('WRITTEN');
      expect(await client.pushOrder!(order)).toEqual({ ...first, result: 'ALREADY_THERE' });
      expect((await client.pushOrder!({ ...order, sourceId: 'ord_01fake0000000000000000000b', orderNumber: 'T-30' })).result).toBe('WRITTEN');
      expect(stage.pushed!()).toMatchObject([{ id: first.externalOrderId, sourceId: order.sourceId, totalMinor: 8550, quantities: { 'QY-MUG-WHT': 2, 'QY-TEA-250': 1 } }, {}]);
    });

    if (connector.shares?.ORDER?.includes('shippingHints.method')) {
      it('passes on how the buyer wishes an order to be sent, and nothing where nobody said', async () => {
        await client.pushOrder!({ ...order, shippingHints: { method: '顺丰特快 Express' } });
        await client.pushOrder!({ ...order, sourceId: 'ord_01fake0000000000000000000b', orderNumber: 'T-30', shippingHints: { method: null } });
        expect(stage.pushed!().map(({ wish }) => wish)).toEqual(['顺丰特快 Express', null]);
      });
    }

    if (connector.shares?.ORDER !== undefined) {
      it('writes an order from the fields alone that it may have, over a line that leaks are refused on', async () => {
        const guarded = connector.open({ account: account(), line: guardedLine(outbound.line('guarded', FAST)), now: () => new Date() });
        const told = { ...order, externalOrderId: '7700112233445566778' };
        const { body, fields } = share(told, connector.shares!.ORDER!);
        expect([(await guarded.pushOrder!(body)).result, stage.pushed!()[0]?.totalMinor]).toEqual(['WRITTEN', 8550]);
        const wire = sandbox.requests.map(({ body: sent }) => sent.toString()).join(' ');
        for (const [field, value] of [['externalOrderId', told.externalOrderId], ['shipTo.phone', order.shipTo.phone!], ['shipTo.address1', order.shipTo.address1!], ['shippingHints.method', order.shippingHints!.method!], ['notes.buyer', order.notes!.buyer!], ['notes.gift', order.notes!.gift!], ['notes.instructions', order.notes!.instructions!], ['notes.seller', order.notes!.seller!]] as const) expect([field, wire.includes(value)]).toEqual([field, fields.includes(field)]);
      });
    }

    if (connector.shares?.ORDER?.includes('notes.buyer') === true) {
      it('tells who packs it what was written with an order, each in its place, and nothing where nothing was', async () => {
        await client.pushOrder!(order);
        await client.pushOrder!({ ...order, sourceId: 'ord_01fake0000000000000000000b', orderNumber: 'T-30', notes: { buyer: '长'.repeat(1_200), gift: null, instructions: null, seller: null } });
        await client.pushOrder!({ ...order, sourceId: 'ord_01fake0000000000000000000c', orderNumber: 'T-31', notes: null });
        expect(stage.pushed!().map(({ notes }) => notes)).toEqual([
          { buyer: '请周末送达', internal: '刻字: 安娜\n老客户', gift: '生日快乐' },
          { buyer: '长'.repeat(1_000), internal: null, gift: null },
          { buyer: null, internal: null, gift: null },
        ]);
      });
    }

    it('writes an order once though the answer got lost', async () => {
      sandbox.fail(stage.platform.name, { loseWhen: () => stage.pushed!().length > 0 });
      if (await codeOf(client.pushOrder!(order)) !== 'none') expect((await client.pushOrder!(order)).result).toBe('ALREADY_THERE');
      expect(stage.pushed!()).toHaveLength(1);
    });

    if (can('recallOrder')) {
      it('takes an order back once, one that is not there too, and says when it is too late', async () => {
        const known = { sourceId: order.sourceId, orderNumber: order.orderNumber, externalOrderId: null };
        expect(await client.recallOrder!(known)).toBe('RECALLED');
        const { externalOrderId } = await client.pushOrder!(order);
        await client.pushOrder!({ ...order, sourceId: 'ord_01fake0000000000000000000b', orderNumber: 'T-30' });
        for (const _time of [1, 2]) expect(await client.recallOrder!({ ...known, externalOrderId })).toBe('RECALLED');
        expect(stage.pushed!().map(({ sourceId }) => sourceId)).toEqual(['ord_01fake0000000000000000000b']);
        if (stage.ship === undefined) return;
        stage.ship(stage.pushed!()[0]!.id, 'SF0000000000077', at(60));
        expect(await client.recallOrder!({ sourceId: 'ord_01fake0000000000000000000b', orderNumber: 'T-30', externalOrderId: null })).toBe('TOO_LATE');
      });
    }

    if (can('givenOrders')) {
      it('tells which orders it has been given in a window, each once, by our id, and which were cancelled there', async () => {
        const given: string[] = [];
        for (let n = 0; n < 5; n += 1) {
          const { externalOrderId } = await client.pushOrder!({ ...order, sourceId: `ord_01fake000000000000000000${n}a`, orderNumber: `G-${n}` });
          stage.writtenAt!(externalOrderId, at(n === 4 ? -120 : n * 60));
          given.push(externalOrderId);
        }
        const got: GivenOrder[] = [];
        for (let page: string | null = null; ;) {
          const { orders, next } = await client.givenOrders!(WINDOW, page);
          got.push(...orders);
          page = next;
          if (page === null) break;
        }
        expect(got).toEqual([0, 1, 2, 3].map((n) => ({ externalOrderId: given[n], sourceId: `ord_01fake000000000000000000${n}a`, writtenAt: at(n * 60), cancelled: false })));
        stage.dropOrder!(given[1]!);
        expect((await client.givenOrders!(WINDOW, null)).orders.map(({ externalOrderId }) => externalOrderId)).toEqual([given[0], given[2], given[3]]);
      });
    }

    if (can('pullShipments')) {
      it('tells the parcels of a window, by our id of the order, and those that were taken back', async () => {
        const { externalOrderId } = await client.pushOrder!(order);
        const ids = Array.from({ length: ORDERS }, (_, n) => stage.ship!(externalOrderId, `SF${String(n).padStart(12, '0')}`, at(n * 8)));
        stage.ship!(externalOrderId, 'SF999999999998', at(-120));
        stage.ship!(externalOrderId, 'SF999999999999', at(21 * 60));
        stage.void!(ids[3]!);
        const shipments: Shipment[] = [];
        for (let page: string | null = null; ;) {
          const got = await client.pullShipments!(WINDOW, page);
          shipments.push(...got.shipments);
          page = got.next;
          if (page === null) break;
        }
        expect(shipments.map(({ externalShipmentId }) => externalShipmentId)).toEqual(ids);
        expect(shipments[2]).toMatchObject({ externalOrderId, sourceId: order.sourceId, trackingNumber: 'SF000000000002', service: 'sf_standard_express', shippedAt: at(16), voided: false });
        expect(shipments[3]!.voided).toBe(true);
        expect(shipments[2]!.lines).toEqual([{ lineId: 'lin_1', quantity: 2 }, { lineId: 'lin_2', quantity: 1 }]);
        stage.ship!(externalOrderId, 'SF777', at(1_000), { lin_1: 1 });
        expect((await client.pullShipments!({ from: at(990), to: at(1_200) }, null)).shipments.find(({ trackingNumber }) => trackingNumber === 'SF777')?.lines).toEqual([{ lineId: 'lin_1', quantity: 1 }]);
      });
    }
  }

  if (can('listGoods')) {
    const all = async <T>(list: (page: string | null) => Promise<ListPage<T>>): Promise<T[]> => {
      const items: T[] = [];
      for (let page: string | null = null; ;) { const got = await list(page); items.push(...got.items); page = got.next; if (page === null) return items; }
    };

    it('lists all that it sells over its pages, with names, prices and stock', async () => {
      stage.fill!(ORDERS, 0);
      const goods = await all((page) => client.listGoods!(page));
      const ids = new Set(goods.map(({ externalProductId }) => externalProductId));
      const names = new Set(goods.flatMap(({ variants }) => variants.map(({ externalSku }) => externalSku)));
      expect([ids.size, [...names].filter((name) => name.startsWith('variant:')).length, names.has('SL-7')]).toEqual([ORDERS, 1, true]);
      if (stage.listed !== undefined) expect([...ids].sort()).toEqual([...stage.listed()].sort());
      const two = goods.find(({ variants }) => variants.some(({ externalSku }) => externalSku === 'SL-2'))!;
      expect(two).toMatchObject({ currency: 'CNY', product: { title: 'Goods 2', status: 'ACTIVE' } });
      expect(two.variants).toMatchObject([{ priceMinor: 1990, quantity: 7 }]);
      for (const { externalProductId, changedAt, currency, product, variants } of goods) {
        channelProductTold.schema.parse({ connectionId: 'con_a', platform, externalProductId, changedAt: changedAt.toISOString(), readAt: new Date().toISOString(), part: 1, parts: 1, currency, product, variants, removed: false });
      }
    });

    it('tells goods of many variants whole, each by what its buyer chooses, and those off sale as such', async () => {
      if (stage.listed === undefined) return;
      stage.fill!(6, 0);
      const goods = await all((page) => client.listGoods!(page));
      const many = goods.find(({ externalProductId }) => externalProductId === stage.listed!()[1])!;
      expect([many.variants.length, new Set(many.variants.map(({ externalVariantId }) => externalVariantId)).size, new Set(many.variants.map(({ options }) => options.join())).size]).toEqual([130, 130, 130]);
      expect(many.product.options.map(({ name, values }) => [name, values.length])).toEqual([['颜色', 3], ['尺码', 44]]);
      expect(many.variants[5]).toMatchObject({ externalSku: 'SL-1-5', title: '黑:红;绿 / 1', options: ['黑:红;绿', '1'], priceMinor: 2490, quantity: 12 });
      expect(goods.filter(({ product }) => product.status === 'DRAFT').map(({ externalProductId }) => stage.listed!().indexOf(externalProductId))).toContain(4);
    });

    it('skips no goods though others are changed while its pages are read', async () => {
      if (stage.betweenGoods === undefined) return;
      stage.fill!(2 * ORDERS, 0);
      let edited = 0;
      stage.betweenGoods(() => { if (edited < 20) { stage.edit!(edited); edited += 1; } });
      const ids = new Set((await all((page) => client.listGoods!(page))).map(({ externalProductId }) => externalProductId));
      expect([edited > 1, [...ids].sort()]).toEqual([true, [...stage.listed!()].sort()]);
    });

    it('counts goods that nobody can read, and tells the others', async () => {
      if (stage.garble === undefined) return;
      stage.fill!(3, 0);
      stage.garble(2);
      let unread = 0;
      let told = 0;
      for (let page: string | null = null; ;) { const got = await client.listGoods!(page); unread += got.unread ?? 0; told += got.items.length; page = got.next; if (page === null) break; }
      expect([unread, told]).toEqual([1, 2]);
    });

    it('lists what changed since an instant, where it is asked so, and may list more', async () => {
      stage.fill!(3, 0);
      const since = async (at: Date): Promise<number> => new Set((await all((page) => client.listGoods!(page, at))).map(({ externalProductId }) => externalProductId)).size;
      expect([0, 3]).toContain(await since(new Date()));
      expect(await since(new Date('2026-02-01T00:00:00Z'))).toBe(3);
    });
  }

  if (can('listCustomers')) {
    it('lists all who have an account, by either name of them', async () => {
      for (const word of ['customers', 'tenants']) {
        stage.fill!(0, ORDERS, word);
        const customers: ListedCustomer[] = [];
        for (let page: string | null = null; ;) { const got = await client.listCustomers!(page); customers.push(...got.items); page = got.next; if (page === null) break; }
        expect([customers.length, new Set(customers.map(({ externalId }) => externalId)).size]).toEqual([ORDERS, ORDERS]);
        expect(customers[3]).toMatchObject({ name: '测试 3', phone: '+8613800000003', email: 'c3@example.com', ordersCount: 2, spent: { currency: 'CNY', amountMinor: 8550 }, state: 'enabled', addresses: [{ isDefault: true, address: { city: '杭州市', countryCode: 'CN', postalCode: '310000' } }] });
      }
    });
  }

  if (can('shipmentsAt')) {
    it('reads parcels at an address of the platform, and at no other', async () => {
      const id = stage.ship!((await client.pushOrder!(orderToPush)).externalOrderId, 'SF555', at(60));
      const { resource_url: url } = JSON.parse(stage.notice!(id).body) as { resource_url: string };
      expect((await client.shipmentsAt!(url)).map(({ trackingNumber }) => trackingNumber)).toEqual(['SF555']);
      const asked = sandbox.requests.length;
      for (const foreign of ['https://ssapi.shipstation.com.evil.example/shipments', 'https://169.254.169.254/shipments', 'http://ssapi.shipstation.com/shipments', 'https://ssapi.shipstation.com:8443/shipments', 'https://key@ssapi.shipstation.com/shipments', 'https://ssapi.shipstation.com/orders/createorder', 'file:///etc/passwd', '//evil', '']) {
        expect([foreign, await codeOf(client.shipmentsAt!(foreign))]).toEqual([foreign, 'ADDRESS_NOT_ALLOWED']);
      }
      expect(sandbox.requests.length).toBe(asked);
    });
  }

  if (can('ensureWebhooks')) {
    it('has our topics pushed to us, once each, and those again that the platform has forgotten', async () => {
      const address = 'https://shop.example.com/webhooks/here/con_a?key=FAKE';
      const first = await client.ensureWebhooks!(address);
      expect([first.registered.length > 0, first.refused]).toEqual([true, []]);
      expect(new Set(stage.hooks!().map((hook) => hook.address))).toEqual(new Set([address]));
      expect(stage.hooks!()).toHaveLength(first.topics.length);
      expect((await client.ensureWebhooks!(address)).registered).toEqual([]);
      stage.loseHooks!();
      expect((await client.ensureWebhooks!(address)).registered).toEqual(first.topics);
      expect(stage.hooks!()).toHaveLength(first.topics.length);
    });
  }

  if (can('pushProduct')) {
    const sku = (code: string, priceMinor: number, colour: string): ProductToPush['skus'][number] => ({ ...product.skus[0]!, code, title: `${colour}杯`, options: [{ name: '颜色', value: colour }], priceMinor });
    const shown = () => stage.products!().map(({ title, status, prices }) => ({ title, status, prices }));

    it('makes a product be there once, as it is told last', async () => {
      const first = await client.pushProduct!(product);
      expect(await client.pushProduct!(product)).toEqual(first);
      expect(shown()).toEqual([{ title: '杯', status: 'ACTIVE', prices: { 'CUP-W': 3990, 'CUP-B': 4190 } }]);
      const changed = { ...product, title: '新杯', status: 'DRAFT' as const, skus: [sku('CUP-W', 4290, '白'), sku('CUP-B', 4190, '黑'), sku('CUP-R', 1, '红')] };
      expect(await client.pushProduct!(changed)).toEqual(first);
      expect(shown()).toEqual([{ title: '新杯', status: 'DRAFT', prices: { 'CUP-W': 4290, 'CUP-B': 4190, 'CUP-R': 1 } }]);
      const other = await client.pushProduct!({ ...product, sourceId: 'prd_01fake0000000000000000000b', skus: [sku('TEA', 750, '绿')] });
      expect(other.externalProductId).not.toBe(first.externalProductId);
    });

    it('makes a product be there once though the answer got lost', async () => {
      sandbox.fail(stage.platform.name, { loseWhen: () => stage.products!().length > 0 });
      if (await codeOf(client.pushProduct!(product)) !== 'none') await client.pushProduct!(product);
      expect(shown()).toHaveLength(1);
    });

    it('takes SKUs that have no choices, or the same ones', async () => {
      const plain = (code: string) => ({ ...sku(code, 100, '白'), options: [], title: null, barcode: null, weightGrams: null });
      await client.pushProduct!({ ...product, brand: null, skus: [plain('ONE')] });
      await client.pushProduct!({ ...product, sourceId: 'prd_01fake0000000000000000000c', skus: [plain('A'), plain('B'), { ...sku('C', 5, '白'), title: '白' }] });
      await client.pushProduct!({ ...product, sourceId: 'prd_01fake0000000000000000000d', skus: [sku('D', 5, '白'), sku('E', 6, '白')] });
      expect(shown().map(({ prices }) => Object.keys(prices).sort().join())).toEqual(['ONE', 'A,B,C', 'D,E']);
    });

    it('is given the fields that anybody may see, and shows them all from these alone', async () => {
      const guarded = connector.open({ account: account(), line: guardedLine(outbound.line('guarded', FAST)), now: () => new Date() });
      await guarded.pushProduct!(share(product, connector.shares!.PRODUCT!).body);
      expect(shown()).toEqual([{ title: '杯', status: 'ACTIVE', prices: { 'CUP-W': 3990, 'CUP-B': 4190 } }]);
    });
  }

  if (can('startPayment', 'findPayment', 'closePayment', 'refundPayment')) {
    const byTime = connector.paymentsEnd === 'BY_TIME';

    it('begins a payment, finds it made, and knows it by our number', async () => {
      expect(await client.findPayment!(payment.paymentId)).toBeNull();
      expect(Object.values((await client.startPayment!(payment)).handOver).every((value) => value !== '')).toBe(true);
      await client.startPayment!(payment);
      const begun = await client.findPayment!(payment.paymentId);
      if (byTime) expect(begun).toBeNull();
      else expect(begun).toMatchObject({ paymentId: payment.paymentId, state: 'PENDING', amountMinor: 8550, currency: 'CNY' });
      stage.pay!(payment.paymentId);
      expect(await client.findPayment!(payment.paymentId)).toMatchObject({ state: 'PAID', amountMinor: 8550 });
    });

    it('ends a payment that nobody has made, and says so of one that somebody has', async () => {
      await client.startPayment!(payment);
      expect(await client.closePayment!(payment.paymentId, payment.expiresAt)).toBe(byTime ? 'STILL_OPEN' : 'CLOSED');
      if (byTime) expect(await client.closePayment!(payment.paymentId, new Date(Date.now() - 2_000))).toBe('CLOSED');
      else expect((await client.findPayment!(payment.paymentId))?.state).toBe('CLOSED');
      expect(await client.closePayment!('pay404', payment.expiresAt)).toBe('CLOSED');
      const second = { ...payment, paymentId: newId('pay') as string };
      await client.startPayment!(second);
      stage.pay!(second.paymentId);
      expect([await client.closePayment!(second.paymentId, second.expiresAt), (await client.findPayment!(second.paymentId))?.state]).toEqual(['ALREADY_PAID', 'PAID']);
    });

    it('gives money back once for each number of ours, and not more than was paid', async () => {
      await client.startPayment!(payment);
      stage.pay!(payment.paymentId);
      for (const _time of [1, 2]) expect(['DONE', 'PENDING']).toContain(await client.refundPayment!(refund));
      expect(stage.refundsOf!(payment.paymentId)).toEqual({ [refund.refundId]: 3990 });
      expect(await codeOf(client.refundPayment!({ ...refund, refundId: newId('rfd'), amountMinor: 4561 }))).toBe('REQUEST_REFUSED');
      await client.refundPayment!({ ...refund, refundId: newId('rfd'), amountMinor: 4560 });
      expect((await client.findPayment!(payment.paymentId))?.state).toBe(byTime ? 'PAID' : 'REFUNDED');
      expect(await codeOf(client.refundPayment!({ ...refund, paymentId: 'pay404' }))).toBe('NOT_FOUND');
    });

    it('gives money back once though the answer got lost', async () => {
      await client.startPayment!(payment);
      stage.pay!(payment.paymentId);
      sandbox.fail(stage.platform.name, { loseWhen: () => Object.keys(stage.refundsOf!(payment.paymentId)).length > 0 });
      if (await codeOf(client.refundPayment!(refund)) !== 'none') await client.refundPayment!(refund);
      expect(stage.refundsOf!(payment.paymentId)).toEqual({ [refund.refundId]: 3990 });
    });

    it('believes no answer that the platform has not signed, where it signs', async () => {
      if (STAGES[platform]!().forge === undefined) return;
      await client.startPayment!(payment);
      stage.pay!(payment.paymentId);
      stage.forge!();
      expect(await codeOf(client.findPayment!(payment.paymentId))).toBe('ANSWER_INVALID');
    });
  }

  if (can('downloadBill')) {
    const day = BILL_DAY;
    const lines = [
      { paymentId: 'pay00000000000000000000000000001', refundId: null, amountMinor: 8550, feeMinor: 51 }, { paymentId: 'pay00000000000000000000000000002', refundId: null, amountMinor: 1, feeMinor: 0 },
      { paymentId: 'pay00000000000000000000000000001', refundId: 'rfd00000000000000000000000000001', amountMinor: -3990, feeMinor: 0 },
    ];

    it('fetches the bill of a day, in the platform\'s own form, and says where there is none yet', async () => {
      const none = await client.downloadBill!(day);
      expect(none === null || none.rows.length === 0).toBe(true);
      stage.bill!(day, lines);
      const bill = await open().downloadBill!(day);
      expect(bill!.file.length).toBeGreaterThan(100);
      expect(bill!.rows.map(({ kind, paymentId, refundId, amountMinor, feeMinor, currency }) => ({ kind, paymentId, refundId, amountMinor, feeMinor, currency }))).toEqual(
        lines.map((line) => ({ kind: line.refundId === null ? 'PAYMENT' : 'REFUND', ...line, currency: 'CNY' })));
      expect(bill!.rows[1]!.occurredAt.getTime() - bill!.rows[0]!.occurredAt.getTime()).toBe(1000);
      expect((await client.downloadBill!('2026-03-02'))?.rows ?? []).toEqual([]);
    });

    it('reads a long one over its pages', async () => {
      const many = Array.from({ length: 250 }, (_, n) => ({ paymentId: `pay${String(n).padStart(29, '0')}`, refundId: null, amountMinor: 100 + n, feeMinor: 1 }));
      stage.bill!(day, many);
      expect((await client.downloadBill!(day))!.rows.map(({ amountMinor }) => amountMinor)).toEqual(many.map(({ amountMinor }) => amountMinor));
    });

    it('takes no file for a bill that is another one, broken, or bursts', async () => {
      if (stage.spoilBill === undefined) return;
      stage.bill!(day, lines);
      await client.downloadBill!(day);
      for (const file of [Buffer.alloc(0), Buffer.from('<html>'), gzipSync('交易时间\n'), gzipSync(Buffer.alloc(80 * 1024 * 1024)), zip([{ name: Buffer.from('a'), content: Buffer.alloc(80 * 1024 * 1024) }], { size: 10 }), zip([{ name: Buffer.from('../../etc/passwd'), content: gbk('支付宝交易号') }])]) {
        stage.spoilBill(day, file);
        expect(await codeOf(open().downloadBill!(day))).toBe('ANSWER_INVALID');
      }
    });
  }

  if (can('issueWaybill')) {
    const waybillOf = (requestId: string, over: Partial<WaybillToIssue> = {}): WaybillToIssue => ({ ...waybillFor(stage, connector.numbers, requestId), ...over });
    const [FIRST, SECOND] = ['wbl_01fake0000000000000000000a', 'wbl_01fake0000000000000000000b'] as const;

    it('numbers a parcel once for each id of ours, and tells what its print component takes', async () => {
      const first = await client.issueWaybill!(waybillOf(FIRST));
      expect(first.trackingNumber).toMatch(/^[0-9A-Za-z-]{4,40}$/);
      expect(await client.issueWaybill!(waybillOf(FIRST))).toEqual(first);
      expect((await client.issueWaybill!(waybillOf(SECOND))).trackingNumber).not.toBe(first.trackingNumber);
      expect([...stage.numbers!().keys()]).toEqual([FIRST, SECOND]);
      // Who masks the receiver prints them, too: all that we get is sealed for the component.
      expect(first.printData === null).toBe(connector.numbers === 'CLEAR');
    });

    it('numbers a parcel once though the answer got lost', async () => {
      sandbox.fail(stage.platform.name, { loseWhen: () => stage.numbers!().size > 0 });
      const code = await codeOf(client.issueWaybill!(waybillOf(FIRST)));
      if (code !== 'none') await client.issueWaybill!(waybillOf(FIRST));
      expect(stage.numbers!().size).toBe(1);
    });

    it('asks for a masked receiver by what the platform knows them by, never in clear', async () => {
      const { receiver: to } = (await client.issueWaybill!(waybillOf(FIRST)), stage.numbers!().get(FIRST)!);
      if (connector.numbers === 'CLEAR') {
        expect(to).toContain('王小明');
        expect(await codeOf(client.issueWaybill!(waybillOf(SECOND, { receiver: masked })))).toBe('REQUEST_REFUSED');
        expect(await codeOf(client.issueWaybill!(waybillOf(SECOND, { carrier: 'DEPPON' })))).toBe('REQUEST_REFUSED');
      } else {
        expect(to).not.toContain('王');
        if (stage.receiverKey!('1') !== null) expect(await codeOf(client.issueWaybill!(waybillOf(SECOND, { receiverKey: '["a","b","c"]' })))).toBe('REQUEST_REFUSED');
      }
    });
  }

  if (can('trackParcel', 'followParcel')) {
    const parcel = tracked;

    it('tells where a parcel is, newest first', async () => {
      expect(await client.trackParcel!(parcel)).toEqual({ state: 'UNKNOWN', events: [] });
      stage.scan!(parcel.trackingNumber, at(0), '已揽收', 'IN_TRANSIT');
      stage.scan!(parcel.trackingNumber, at(600), '已签收', 'DELIVERED');
      expect(await client.trackParcel!(parcel)).toEqual({ state: 'DELIVERED', events: [{ at: at(600), text: '已签收' }, { at: at(0), text: '已揽收' }] });
    });

    it('has its way told from now on, once', async () => {
      for (const _time of [1, 2]) await client.followParcel!(parcel, { url: 'https://shop.example.com/tracks', salt: 'FAKE-SALT' });
      expect(stage.followed!()).toEqual([parcel.trackingNumber]);
    });
  }

  if (can('pullStock')) {
    it('tells what it counts, all of it or what changed', async () => {
      for (let n = 0; n < 2 * ORDERS; n += 1) stage.stock!(`QY-${String(n).padStart(3, '0')}`, n);
      const levels: StockLevel[] = [];
      let page: string | null = null;
      do {
        const got = await client.pullStock!(null, page);
        levels.push(...got.levels);
        page = got.next;
      } while (page !== null);
      expect(new Map(levels.map(({ externalSku, quantity }) => [externalSku, quantity])).get('QY-137')).toBe(137);
      expect(new Set(levels.map(({ externalSku }) => externalSku)).size).toBe(2 * ORDERS + stage.skus!.length);
      expect((await client.pullStock!(new Date(Date.now() + MINUTE), null)).levels).toEqual([]);
    });
  }
});

/** A platform's own words for an order of one parcel, before it is sent and after. */
const SENT: Partial<Record<Platform, readonly [string, string]>> = {
  SHOPIFY: ['paid/unfulfilled', 'paid/fulfilled'], SHOPLAZZA: ['placed/paid/waiting', 'placed/paid/shipped'], TAOBAO: ['wait_seller_send_goods', 'wait_buyer_confirm_goods'],
  DOUYIN: ['2/2', '3/3'], XIAOHONGSHU: ['4', '6'], PINDUODUO: ['1/1', '2/1'],
};

/** What needs no token, since each call is signed by itself. */
const WITHOUT_TOKEN: Partial<Record<Platform, readonly Capability[]>> = { WECHAT: ['startPayment', 'findPayment', 'closePayment', 'refundPayment', 'downloadBill'] };

const errorOf = (call: Promise<unknown>): Promise<PlatformError | null> => call.then(() => null, (error: unknown) => error as PlatformError);
const codeOf = async (call: Promise<unknown>): Promise<string> => { const error = await errorOf(call); return error === null ? 'none' : error.code ?? String(error); };

function told(platform: Platform, { body }: PulledOrder): ToldOrder {
  const translated = CHANNELS[platform].toOrder(parseJson(Buffer.from(body)), { cancelled: false, triggeredAt: null, privacy });
  if (translated.kind !== 'order') throw new Error(`${translated.reason} at ${translated.path}`);
  orderReceived.schema.parse({ connectionId: 'con_a', platform, deliveryId: 'dlv_a', ...translated.data });
  return translated.data;
}
