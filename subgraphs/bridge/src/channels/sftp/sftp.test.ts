import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { fingerprintOf, gbk, orderCsv, sftpStage, startSandbox, type FileServer, type Sandbox } from '@quanyu/channel-sandbox';
import fc from 'fast-check';
import { Outbound } from '../../outbound/outbound.js';
import type { PlatformError } from '../../outbound/platform-error.js';
import type { OrderContext, Translated } from '../channel.js';
import type { Client, OrderPage, PulledOrder } from '../connector.js';
import { parseJson } from '../reading/parse-json.js';
import { sftpConnector } from './client.js';
import { sftp } from './sftp.js';

const FAST = { burst: 1_000_000, perSecond: 1_000_000 };
const WINDOW = { from: new Date(0), to: new Date() };
const AT = new Date('2026-03-01T02:00:00Z');
const context: OrderContext = { cancelled: false, triggeredAt: null, privacy: { seal: (plain) => `sealed ${plain}`, index: (kind, value) => `${kind} ${value}` } };
const HEAD = 'order_id,sku,quantity,unit_price';

let stage: ReturnType<typeof sftpStage>;
let files: FileServer;
let sandbox: Sandbox;
let outbound: Outbound;
beforeEach(async () => {
  stage = sftpStage();
  files = stage.files;
  sandbox = await startSandbox([stage.platform]);
  outbound = new Outbound({ via: sandbox.url, backoffMs: 1, brokenMs: 1 });
});
afterEach(async () => { await outbound.close(); await sandbox.close(); });

let lines = 0;
const open = (settings: Readonly<Record<string, string>> = {}, secrets: Readonly<Record<string, string>> = stage.secrets, over: { shopDomain?: string; outbound?: Outbound } = {}): Client =>
  sftpConnector.open({ account: { shopDomain: over.shopDomain ?? stage.shopDomain, settings: { ...stage.settings, ...settings }, secrets }, line: (over.outbound ?? outbound).line(String(lines += 1), FAST), now: () => new Date() });
async function pull(client = open(), acknowledging = true): Promise<PulledOrder[]> {
  const orders: PulledOrder[] = [];
  for (let page: string | null = null; ;) {
    const got: OrderPage = await client.pullOrders!(WINDOW, page);
    orders.push(...got.orders);
    if (acknowledging) await got.acknowledge!();
    page = got.next;
    if (page === null) return orders;
  }
}
const told = ({ body }: PulledOrder): Translated => sftp.toOrder(parseJson(Buffer.from(body)), context);
const paths = (orders: readonly PulledOrder[]): string[] => orders.map(told).flatMap((one) => (one.kind === 'refused' ? [one.path] : []));
const ids = (orders: readonly PulledOrder[]): string[] => orders.map(told).flatMap((one) => (one.kind === 'order' ? [one.data.externalOrderId] : []));
const write = (name: string, content: string | Buffer): void => files.folders.write(`/orders/${name}`, content, AT);
const codeOf = (call: Promise<unknown>): Promise<string> => call.then(() => 'none', (error: unknown) => (error as PlatformError).code ?? String(error));

describe('a server of files', () => {
  it('is told nothing when it has another key than the one that it is known by, and may have two while it changes', async () => {
    const other = fingerprintOf(sftpStage().files.hostKey.public);
    expect(await codeOf(open({ hostKeys: other }).check())).toBe('HOST_KEY_CHANGED');
    expect(files.sessions).toBe(1);
    expect(await codeOf(open({ hostKeys: `${other},${stage.settings['hostKeys']}` }).check())).toBe('none');
    expect(await codeOf(open({ hostKeys: '' }).check())).toBe('HOST_KEY_CHANGED');
  });

  it('lets a private key in, and says so of one that it does not know or that nobody can read', async () => {
    const key = (pem: string): Record<string, string> => ({ privateKey: Buffer.from(pem).toString('base64') });
    expect(await codeOf(open({}, key(files.userKey.private)).check())).toBe('none');
    expect(await codeOf(open({}, key(sftpStage().files.userKey.private)).check())).toBe('CREDENTIALS_REFUSED');
    expect(await codeOf(open({}, key('-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----')).check())).toBe('CREDENTIALS_REFUSED');
    expect(await codeOf(open({}, {}).check())).toBe('CREDENTIALS_REFUSED');
  });

  it('is never one of a private network', async () => {
    const straight = new Outbound({ backoffMs: 1, timeoutMs: 2_000 });
    for (const shopDomain of ['127.0.0.1', '10.0.0.1', '169.254.169.254', 'localhost', '0x7f000001', '2130706433', '100.64.0.1']) {
      expect([shopDomain, await codeOf(open({}, stage.secrets, { shopDomain, outbound: straight }).check())]).toEqual([shopDomain, 'ADDRESS_NOT_ALLOWED']);
    }
    await straight.close();
  });

  it('is known by a name that is one', () => {
    expect(['files.partner.example', 'SFTP://Files.Partner.Example:2222/', 'tea@files.partner.example'].map((text) => sftp.shopDomainOf(text))).toEqual(['files.partner.example', 'files.partner.example:2222', 'tea@files.partner.example']);
    for (const text of ['', 'localhost', 'files.partner.example/orders', 'a b.example', '-a.example', 'a..example', 'a.example:port', 'x@y@z.example', `${'a'.repeat(300)}.example`]) expect([text, sftp.shopDomainOf(text)]).toEqual([text, null]);
  });

  it('says which folder is missing', async () => {
    files.folders.folders.delete('/tracking');
    const error = await open().check().catch((reason: unknown) => reason as PlatformError);
    expect(error).toMatchObject({ code: 'REQUEST_REFUSED', details: { platformCode: 'NO_FOLDER_TRACKING' } });
  });
});

describe('a file of orders', () => {
  it('is an order with all that it says', async () => {
    write('a.csv', orderCsv('P-1', AT));
    const [order] = (await pull()).map(told);
    expect(order).toMatchObject({ kind: 'order', data: {
      externalOrderId: 'P-1', updatedAt: AT.toISOString(), paymentState: 'PAID', lines: [{ externalLineId: '1', externalSku: 'QY-MUG-WHT', title: '杯\n"样"', quantity: 2, unitPriceMinor: 3990 }, { externalSku: 'QY-TEA-250' }],
      amounts: { itemsMinor: 8730, discountMinor: 980, shippingMinor: 800, totalMinor: 8550 }, customer: null,
    } });
    expect(order!.kind === 'order' && order!.data.sealedShipTo).toContain('示例路 1 号, 2 幢');
  });

  it.each([
    ['UTF-8', (text: string) => Buffer.from(text)], ['UTF-8 with a mark', (text: string) => Buffer.from(`\ufeff${text}`)], ['GBK', gbk],
    ['UTF-16 of a spreadsheet', (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le')],
  ])('is read in %s, by the names that its headers have', async (_name, encode) => {
    write('订单 3月.csv', encode('订单编号,商家编码,宝贝标题,数量,单价,收货人\n2026-1,MUG,白杯,2,39.90,王小明\n'));
    const [order] = (await pull(open({ columns: '{"order_id":"订单编号","sku":"商家编码","title":"宝贝标题","quantity":"数量","unit_price":"单价","name":"收货人"}' }))).map(told);
    expect(order).toMatchObject({ data: { externalOrderId: '2026-1', lines: [{ externalSku: 'MUG', title: '白杯', quantity: 2, unitPriceMinor: 3990 }] } });
  });

  it('is read from JSON lines, ids and amounts exact, keys of prototypes without effect', async () => {
    write('a.jsonl', `${JSON.stringify({ order_id: 'J-1', lines: [{ sku: 'MUG', quantity: 2, unit_price: '39.90' }] })}\n{"order_id":9007199254740993123,"__proto__":{"currency":"USD"},"constructor":1,"lines":[{"sku":"TEA","quantity":1,"unit_price":7.50,"__proto__":{"sku":"x"}}]}\nnot json\n{"order_id":"J-3","lines":[]}\n{"order_id":"J-4","lines":[{"sku":"TEA","quantity":1,"unit_price":1}]}\n{"order_id":"J-4","lines":[{"sku":"TEA","quantity":1,"unit_price":1}]}\n[]\n`);
    const pulled = await pull();
    expect(ids(pulled)).toEqual(['J-1', '9007199254740993123']);
    expect(told(pulled[1]!)).toMatchObject({ data: { amounts: { currency: 'CNY', totalMinor: 750 }, lines: [{ externalSku: 'TEA' }] } });
    expect(paths(pulled)).toEqual(['a.jsonl:3 NOT_JSON', 'a.jsonl:4 NO_LINES', 'a.jsonl:6 TWICE', 'a.jsonl:7 NOT_JSON']);
  });

  it('loses nothing of the others for a row that is wrong, and says where and what', async () => {
    write('a.csv', `${HEAD},total,status\nA,MUG,1,10.00,10,\nB,MUG,0,10.00,,\nC,MUG,1,ten,,\nD,MUG,1,10.00,11,\nE,MUG,1,10.00,,lost\nF,MUG,1,10.00\nG,,1,10.00,,\nH,MUG,1,10.00,,PAID\n`);
    const pulled = await pull();
    expect(ids(pulled)).toEqual(['A', 'H']);
    expect(paths(pulled)).toEqual(['a.csv:3 quantity', 'a.csv:4 unit_price', 'a.csv:5 total', 'a.csv:6 status', 'a.csv:7 COLUMNS', 'a.csv:8 sku']);
    const [name] = files.folders.names('/orders/rejected').filter((one) => !files.folders.folders.has(`/orders/rejected/${one}`));
    expect(name).toMatch(/^[0-9a-f]{16}-a\.csv\.errors\.csv$/);
    expect(files.folders.text(`/orders/rejected/${name}`)).toBe('line,error\n3,quantity\n4,unit_price\n5,total\n6,status\n7,COLUMNS\n8,sku\n');
  });

  it('takes no order in part', async () => {
    write('a.csv', `${HEAD}\nA,MUG,1,10.00\nB,MUG,1,10.00\nA,TEA,x,5.00\nC,MUG,1,10.00\n,TEA,1,5.00\nD,MUG,1,10.00\nD,TEA,1,5.00\nE,MUG,1,10.00\n`);
    const pulled = await pull();
    expect(ids(pulled)).toEqual(['B', 'D', 'E']);
    expect(paths(pulled)).toEqual(['a.csv:4 quantity', 'a.csv:5 FOLLOWED_BY_LINE_6', 'a.csv:6 order_id']);
  });

  it.each<[string, string | Buffer, string]>([
    ['a quote that is never closed', `${HEAD},title\nA,MUG,1,10.00,"cup\nB,MUG,1,10.00,x\n`, ':2 QUOTE_NOT_CLOSED'],
    ['a header that lacks a column', 'order_id,sku,quantity\nA,MUG,1\n', ':1 HEADER_MISSING unit_price'],
    ['a header with a column twice', `${HEAD},SKU\nA,MUG,1,10.00,TEA\n`, ':1 HEADER_TWICE sku'],
    ['no bytes', '', ':1 EMPTY'],
    ['bytes that are no text', Buffer.from([0x6f, 0x80, 0xff, 0xff, 0x0a]), ':1 ENCODING_UNKNOWN'],
    ['the zeros of half a disk block', Buffer.concat([Buffer.from(`${HEAD}\nA,MUG,1,10.00\n`), Buffer.alloc(512)]), ':3 NUL_INSIDE'],
    ['a row without end', `${HEAD}\nA,MUG,1,${'1'.repeat(70_000)}\n`, ':2 ROW_TOO_LONG'],
    ['too many rows', `${HEAD}\n${'A,MUG,1,10.00\n'.repeat(20_001)}`, ':20002 TOO_MANY_ROWS'],
    ['too many bytes', Buffer.alloc(8 * 1024 * 1024 + 1, 'x'), ':0 TOO_LARGE'],
  ])('with %s is told and put aside whole', async (_what, content, path) => {
    write('a.csv', content);
    write('b.csv', `${HEAD}\nB,MUG,1,10.00\n`);
    const pulled = await pull();
    expect([ids(pulled), paths(pulled), stage.waiting!()]).toEqual([['B'], [`a.csv${path}`], []]);
    expect(files.folders.names('/orders/rejected').filter((name) => name.endsWith('-a.csv'))).toHaveLength(1);
    expect(await pull()).toEqual([]);
  }, 30_000);

  it('with thousands of wrong rows tells a hundred of them and how many more', async () => {
    write('a.csv', `${HEAD}\n${Array.from({ length: 1_000 }, (_, n) => `A${n},MUG,x,10.00\n`).join('')}B,MUG,1,10.00\n`);
    const pulled = await pull();
    expect([ids(pulled), paths(pulled).length, paths(pulled).at(-1)]).toEqual([['B'], 101, 'a.csv:102 AND_900_MORE']);
  });

  it('is read over pages, and anew when another one has taken its name meanwhile', async () => {
    const rows = (from: number, to: number): string => Array.from({ length: to - from }, (_, n) => `A${String(from + n).padStart(4, '0')},MUG,1,10.00\n`).join('');
    write('a.csv', `${HEAD}\n${rows(0, 1_200)}`);
    const client = open();
    const first = await client.pullOrders!(WINDOW, null);
    await first.acknowledge!();
    expect([first.orders.length, stage.waiting!()]).toEqual([500, ['a.csv']]);
    expect((await client.pullOrders!(WINDOW, first.next)).orders.map(({ externalOrderId }) => externalOrderId).at(0)).toBe('A0500');
    write('a.csv', `${HEAD}\n${rows(600, 1_100)}`);
    const second = await client.pullOrders!(WINDOW, first.next);
    await second.acknowledge!();
    expect([second.orders.at(0)?.externalOrderId, second.orders.length, second.next, stage.waiting!()]).toEqual(['A0600', 500, null, []]);
  });
});

describe('a file', () => {
  it('that is kept by us is moved away, and known when it comes once more', async () => {
    write('a.csv', orderCsv('P-1', AT));
    expect(ids(await pull(open(), false))).toEqual(['P-1']);
    expect(stage.waiting!()).toEqual(['a.csv']);
    expect(ids(await pull())).toEqual(['P-1']);
    write('a.csv', orderCsv('P-1', AT));
    expect([await pull(), stage.waiting!()]).toEqual([[], []]);
    write('a.csv', orderCsv('P-2', AT));
    expect(ids(await pull())).toEqual(['P-2']);
    expect(files.folders.names('/orders/archive').filter((name) => name.endsWith('-a.csv'))).toHaveLength(2);
  });

  it('that somebody still writes is left alone, also when it changes after it was read', async () => {
    write('a.csv', `${HEAD}\nA,MUG,1,10.00\n`);
    write('b.csv', `${HEAD}\nB,MUG,1,10.00\n`);
    let looks = 0;
    // Between the two looks.
    files.after = (step, path) => { if (step === 'list' && path === '/orders') { looks += 1; if (looks === 1) setTimeout(() => files.folders.write('/orders/a.csv', `${HEAD}\nA,MUG,1,10.00\nA,TEA`, new Date(AT.getTime() + 1_000)), 300); } };
    expect(ids(await pull(open({ settleSeconds: '1' })))).toEqual(['B']);
    files.after = (step, path) => { if (step === 'read' && path === '/orders/a.csv') files.folders.write('/orders/a.csv', `${HEAD}\nA,MUG,1,10.00\nA,TEA,1,5.00\n`, new Date(AT.getTime() + 2_000)); };
    expect(await pull()).toEqual([]);
    files.after = null;
    const [order] = (await pull()).map(told);
    expect(order).toMatchObject({ data: { externalOrderId: 'A', lines: [{ externalSku: 'MUG' }, { externalSku: 'TEA' }] } });
  });

  it('that is replaced between reading and moving is read, too', async () => {
    write('a.csv', `${HEAD}\nA,MUG,1,10.00\n`);
    const page = await open().pullOrders!(WINDOW, null);
    files.folders.write('/orders/a.csv', `${HEAD}\nB,MUG,1,10.00\n`, new Date(AT.getTime() + 1_000));
    await page.acknowledge!();
    expect(ids(await pull())).toEqual(['B']);
  });

  it('waits for its mark where marks are used, and both go', async () => {
    write('a.csv', `${HEAD}\nA,MUG,1,10.00\n`);
    const client = open({ doneSuffix: '.done' });
    expect(await pull(client)).toEqual([]);
    write('a.csv.done', '');
    expect(ids(await pull(client))).toEqual(['A']);
    expect(stage.waiting!()).toEqual([]);
    await client.pushTracking!({ externalOrderId: 'A', trackingNumber: 'SF1', carrier: 'SF', trackingUrl: null, lines: null });
    expect(files.folders.names('/tracking').sort()).toEqual(['tracking-A-SF1.csv', 'tracking-A-SF1.csv.done']);
  });

  it('under a name that is a path, a draft, a link or a folder is not opened', async () => {
    const secret = files.folders;
    secret.write('/etc/passwd.csv', `${HEAD}\nX,MUG,1,10.00\n`, AT);
    for (const name of ['.hidden.csv', 'a.csv.part', 'b.csv.filepart', 'c.csv~', 'notes.txt']) write(name, `${HEAD}\nX,MUG,1,10.00\n`);
    secret.links.add('/orders/link.csv');
    secret.make('/orders/folder.csv');
    const names = secret.names.bind(secret);
    // What a server says a folder holds may be anything.
    secret.names = (folder) => (folder === '/orders' ? [...names(folder), '..\\..\\etc\\passwd.csv', 'evil\n\u001b[31m.csv', '=cmd|calc.csv'] : names(folder));
    for (const name of ['..\\..\\etc\\passwd.csv', 'evil\n\u001b[31m.csv', '=cmd|calc.csv']) secret.files.set(`/orders/${name}`, { content: Buffer.from(`${HEAD}\nX,MUG,1,10.00\n`), changedAt: 1 });
    const pulled = await pull();
    expect([ids(pulled), new Set(paths(pulled))]).toEqual([[], new Set(['file:0 NAME_NOT_ALLOWED'])]);
  });

  it('that cannot be moved away is told by its code, and waits', async () => {
    write('a.csv', `${HEAD}\nA,MUG,1,10.00\n`);
    files.readOnly = true;
    const page = await open().pullOrders!(WINDOW, null);
    expect([page.orders.length, await codeOf(page.acknowledge!()), stage.waiting!()]).toEqual([1, 'REQUEST_REFUSED', ['a.csv']]);
  });
});

describe('what goes out', () => {
  it('is there whole or not at all, and what a broken try left behind does not stay', async () => {
    const parcel = { externalOrderId: 'P-1', trackingNumber: 'SF1', carrier: 'SF', trackingUrl: null, service: 'sf_express_same_day', shippedAt: AT, lines: [{ externalLineId: '1', quantity: 2 }, { externalLineId: '2', quantity: 1 }] };
    const seen = new Set<string>();
    files.after = () => { for (const name of files.folders.names('/tracking')) if (!name.startsWith('.')) seen.add(files.folders.text(`/tracking/${name}`)); };
    let writes = 0;
    sandbox.fail('sftp', { loseWhen: () => files.folders.names('/tracking').some((name) => name.endsWith('.part')) && (writes += 1) > 0 });
    expect(await open().pushTracking!(parcel)).toBe('WRITTEN');
    expect(writes).toBe(1);
    expect([...seen]).toEqual(['order_id,tracking_number,carrier,shipped_at,tracking_url,line_id,quantity,service\nP-1,SF1,SF,2026-03-01T02:00:00.000Z,,1,2,sf_express_same_day\nP-1,SF1,SF,2026-03-01T02:00:00.000Z,,2,1,sf_express_same_day\n']);
    expect(files.folders.names('/tracking')).toEqual(['tracking-P-1-SF1.csv']);
  });

  it('has names that no order can lead elsewhere by', async () => {
    const order = '../../etc/passwd\u0000\n"x,y';
    await open().pushTracking!({ externalOrderId: order, trackingNumber: '../1', carrier: 'SF', trackingUrl: null, lines: null });
    const [name] = files.folders.names('/tracking');
    expect(name).toMatch(/^tracking-[0-9a-f]{24}-[0-9a-f]{24}\.csv$/);
    expect(files.folders.text(`/tracking/${name}`)).toContain('"../../etc/passwd\u0000\n""x,y",../1,SF');
  });

  it('of stock sorts behind what is there, though our clock was set back', async () => {
    files.folders.write(`/stock/stock-${new Date(Date.now() + 3_600_000).toISOString().replaceAll(/[-:.]/g, '')}-00000000.csv`, 'sku,quantity\nMUG,9\n');
    files.folders.write('/stock/stock-29991231T000000000Z-00000000.csv.old', '');
    for (const quantity of [5, 3]) await open().setStock!([{ externalSku: 'MUG', quantity, expected: null }]);
    expect(stage.unitsOf!('MUG')).toBe(3);
    expect(await open().setStock!([])).toEqual([]);
  });

  it('is written in the encoding of its partner', async () => {
    await open({ encoding: 'GB18030' }).setStock!([{ externalSku: '白杯', quantity: 5, expected: null }]);
    await open({ encoding: 'UTF-8-BOM', delimiter: 'TAB' }).setStock!([{ externalSku: '白杯', quantity: 4, expected: null }]);
    const contents = files.folders.names('/stock').sort().map((name) => files.folders.files.get(`/stock/${name}`)!.content);
    expect(contents).toEqual([Buffer.concat([Buffer.from('sku,quantity\n'), gbk('白杯'), Buffer.from(',5\n')]), Buffer.from('\ufeffsku\tquantity\n白杯\t4\n')]);
  });
});

describe('whatever stands in a file', () => {
  it('nothing but whole orders comes out, and every row is told of', async () => {
    const cell = fc.oneof(fc.constantFrom('', 'A', 'B', '1', '2', '10.00', '-1', '1e9', '"', '""', '=1+1', '\u0000', '杯', '9007199254740993'), fc.string({ maxLength: 8 }));
    await fc.assert(fc.asyncProperty(fc.array(fc.array(cell, { minLength: 1, maxLength: 6 }), { maxLength: 8 }), async (rows) => {
      for (const name of stage.waiting!()) files.folders.files.delete(`/orders/${name}`);
      write(`f${lines}.csv`, `${HEAD}\n${rows.map((row) => row.join(',')).join('\n')}\n`);
      for (const order of await pull()) {
        const one = told(order);
        if (one.kind === 'order') expect(one.data.amounts.itemsMinor - one.data.amounts.discountMinor).toBe(one.data.amounts.totalMinor);
        else expect(one.path).toMatch(/^f\d+\.csv:\d+ [A-Za-z_0-9 ]+$/);
      }
      expect(stage.waiting!()).toEqual([]);
    }), { numRuns: 60 });
  }, 60_000);
});
