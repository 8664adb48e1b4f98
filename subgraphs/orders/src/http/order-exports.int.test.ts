import { createDecipheriv } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { InProcessCalls } from '@quanyu/calls';
import { orderReceived } from '@quanyu/events';
import { newId } from '@quanyu/ids';
import { openTestSubgraph, SandboxStepUps, staffOf, TEST_TENANT, testVault, type Json, type TestSubgraph } from '@quanyu/testing';
import { armor, Decrypter, generateIdentity, identityToRecipient } from 'age-encryption';
import { orders } from '../subgraph.js';

const [SHOP, OTHER] = [newId('con'), newId('con')];
const stepUps = new SandboxStepUps();
const calls = new InProcessCalls();
calls.add(stepUps.handlers);
let subgraph: TestSubgraph;
let url: string;
let identity: string;
let recipient: string;
const receivers = [{ name: '张三', phone: '+8613800000001', address1: '测试路 100 号', city: '杭州', province: '浙江', countryCode: 'CN' }, { name: '=HYPERLINK("x")', phone: '+8613800000002', address1: 'حي "الزهور", 5', city: null, province: null, countryCode: 'CN' }];
beforeAll(async () => {
  subgraph = await openTestSubgraph(orders, { calls });
  url = await subgraph.listen();
  identity = await generateIdentity();
  recipient = await identityToRecipient(identity);
  for (const [n, shipTo] of [...receivers, { ...receivers[0], oaid: 'masked-by-the-channel' }].entries()) await take(SHOP, `e${n}`, shipTo);
  await take(OTHER, 'other', receivers[0]!);
});
afterAll(() => subgraph.close());

const take = (connectionId: string, externalOrderId: string, shipTo: object) => subgraph.deliver(orderReceived({ tenantId: TEST_TENANT, sequence: 1, data: {
  connectionId, platform: 'TAOBAO', deliveryId: newId('dlv'), externalOrderId, orderNumber: `#${externalOrderId}`, placedAt: '2026-11-01T08:00:00Z', updatedAt: '2026-11-01T08:00:00Z', paymentState: 'PAID', cancelledAt: null, rawStatus: 'x',
  amounts: { currency: 'CNY', itemsMinor: 1999, discountMinor: 0, shippingMinor: 0, taxMinor: 0, taxesIncluded: true, totalMinor: 1999 },
  lines: [{ externalLineId: '1', externalSku: 'MUG', title: 'Mug', quantity: 2, unitPriceMinor: 1000, discountMinor: 0 }], customer: null,
  sealedShipTo: testVault().seal(JSON.stringify(shipTo), { tenantId: TEST_TENANT, row: externalOrderId, field: 'shipTo' }) } }));
const anna = staffOf(TEST_TENANT, { subjectId: 'stf_anna', channels: [SHOP] });
let keys = 0;
const begin = async (over: object = {}, viewer = anna): Promise<Json> => {
  keys += 1;
  const { data, errors } = await subgraph.ask('mutation($input: ExportOrdersInput!) { exportOrders(input: $input) { orderExport { id state total exported wrappedKey downloadPath } userErrors { code field } } }',
    { input: { recipients: [recipient], reason: 'for the warehouse', stepUpToken: `good-${keys}`, idempotencyKey: `x${keys}`, ...over } }, viewer);
  return data?.exportOrders ?? { errors: errors.map(({ code }) => code) };
};
const run = async (name: string): Promise<void> => {
  const job = subgraph.jobs.definitions.find((definition) => definition.name === name)!;
  for await (const batch of job.due!()) for (const { payload } of batch) await Promise.all([1, 2].map(() => job.run(payload, { signal: AbortSignal.timeout(10_000), attempt: 1 })));
};
const look = async (id: string, viewer = anna): Promise<Json> => (await subgraph.ask('query($id: ID!) { orderExport(id: $id) { state total exported wrappedKey downloadPath } }', { id }, viewer)).data?.orderExport;
const fetchFile = async (path: string): Promise<{ status: number; text: string }> => {
  const response = await fetch(`${url}${path}`);
  return { status: response.status, text: await response.text() };
};
/** Cells of a CSV whose sealed column comes last and holds no comma. */
const rowsOf = (text: string): { id: string; sealed: string; line: string }[] => text.trim().split('\r\n').slice(1).map((line) => ({ id: line.split(',')[0]!, sealed: line.split(',').at(-1)!, line }));
const openCell = (key: Buffer, orderId: string, cell: string): Json => {
  const bytes = Buffer.from(cell, 'base64url');
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12));
  decipher.setAAD(Buffer.from(orderId));
  decipher.setAuthTag(bytes.subarray(-16));
  return JSON.parse(Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]).toString());
};

describe('an export of orders', () => {
  it('seals phone and address for its recipient, shows the rest masked, holds the channels granted, and is written down', async () => {
    const { orderExport, userErrors } = await begin();
    expect(userErrors).toEqual([]);
    expect(orderExport).toMatchObject({ state: 'RUNNING', total: 3, exported: 0, downloadPath: null });
    await run('orders.write-export');
    const done = await look(orderExport.id);
    expect(done).toMatchObject({ state: 'DONE', total: 3, exported: 3 });
    const { status, text } = await fetchFile(done.downloadPath);
    expect(status).toBe(200);
    for (const clear of ['13800000001', '测试路', '张三', 'الزهور']) expect(text).not.toContain(clear);
    expect(text).toContain("张**,138****0001");
    const rows = rowsOf(text);
    expect(rows.map(({ line }) => line.split(',')[1])).toEqual(['#e0', '#e1', '#e2']);
    // A name that a spreadsheet would run is none any more.
    expect(rows[1]!.line).toContain(",'=**");
    // Only the recipient has the key; a cell opens only in its own row; of a masked receiver nothing leaves.
    const decrypter = new Decrypter();
    decrypter.addIdentity(identity);
    const key = Buffer.from(await decrypter.decrypt(armor.decode(done.wrappedKey)));
    expect([0, 1].map((n) => openCell(key, rows[n]!.id, rows[n]!.sealed))).toMatchObject(receivers);
    expect(() => openCell(key, rows[1]!.id, rows[0]!.sealed)).toThrow();
    expect(rows[2]!.sealed).toBe('');
    const stranger = new Decrypter();
    stranger.addIdentity(await generateIdentity());
    await expect(stranger.decrypt(armor.decode(done.wrappedKey))).rejects.toThrow();
    expect((await subgraph.recorded('orders.orders-exported.v1')).filter(({ subject }) => subject === orderExport.id).map(({ data }) => data)).toEqual([
      { exportId: orderExport.id, staffId: 'stf_anna', reason: 'for the warehouse', recipients: [recipient], orders: 3, channelIds: [SHOP] }]);
    expect(await subgraph.rows(TEST_TENANT, 'select sealed_key from order_export where id = ?', [orderExport.id])).toEqual([{ sealed_key: null }]);
  });

  it('asks for a second factor, a reason and recipients, and for the right to personal data', async () => {
    expect((await begin({ stepUpToken: null })).userErrors).toMatchObject([{ code: 'STEP_UP_REQUIRED' }]);
    expect(stepUps.asked[0]).toMatchObject({ action: 'EXPORT_ORDERS', subject: 'stf_anna', amount: null });
    expect((await begin({ reason: '' })).userErrors).toMatchObject([{ code: 'REASON_INVALID' }]);
    for (const recipients of [[], ['age1nokey'], ['ssh-rsa AAAA'], Array.from({ length: 6 }, () => recipient)]) expect((await begin({ recipients })).userErrors).toMatchObject([{ code: 'RECIPIENT_INVALID' }]);
    expect((await begin({}, staffOf(TEST_TENANT, { scopes: ['orders:read', 'orders:write'] }))).errors).toEqual(['FORBIDDEN']);
    expect((await begin({ channelIds: [OTHER] })).orderExport.total).toBe(0);
  });

  it('is opened only by a link of ours that is not over, and by nobody else\'s question', async () => {
    const { orderExport } = await begin({ statuses: ['RESERVING'] });
    await run('orders.write-export');
    const { downloadPath } = await look(orderExport.id);
    expect((await fetchFile(downloadPath)).status).toBe(200);
    for (const bad of [`/order-exports/${orderExport.id}/orders.csv`, `${downloadPath}x`, downloadPath.replace(orderExport.id, newId('oex')), '/order-exports/%E0%A4%A/orders.csv']) expect((await fetchFile(bad)).status).toBe(404);
    expect(await look(orderExport.id, staffOf(TEST_TENANT, { subjectId: 'stf_bert', channels: [SHOP] }))).toBeNull();
    expect(await look(orderExport.id, staffOf(TEST_TENANT))).toMatchObject({ state: 'DONE' });
    await subgraph.deps.database.write(TEST_TENANT, 'test', (em) => em.execute("update order_export set expires_at = app_now() - interval '1 second' where id = ?", [orderExport.id]));
    await run('orders.forget-export');
    expect(await look(orderExport.id)).toMatchObject({ state: 'OVER', downloadPath: null });
    expect((await fetchFile(downloadPath)).status).toBe(404);
    expect(await subgraph.rows(TEST_TENANT, 'select 1 from order_export_part where export_id = ?', [orderExport.id])).toEqual([]);
  });

  it('goes on where it was cut off, page by page, each order once', async () => {
    const many = newId('con');
    await subgraph.deps.database.write(TEST_TENANT, 'test', (em) => em.execute(
      `insert into sales_order (id, tenant_id, connection_id, platform, external_order_id, order_number, status, stock_state, payment_state, raw_status, placed_at, external_updated_at, currency, items_minor, discount_minor, shipping_minor, tax_minor, taxes_included, total_minor)
       select 'ord_' || lpad(n::text, 26, '0'), tenant_id, ?, platform, n::text, '#' || n, status, stock_state, payment_state, raw_status, placed_at, external_updated_at, currency, 0, 0, 0, 0, true, 0 from sales_order, generate_series(1, 1001) n where external_order_id = 'other'`, [many]));
    const viewer = staffOf(TEST_TENANT, { subjectId: 'stf_carl', channels: [many] });
    const { orderExport } = await begin({}, viewer);
    expect(orderExport.total).toBe(1001);
    // Two workers at once, as after a process that was taken for dead.
    await run('orders.write-export');
    await run('orders.write-export');
    const done = await look(orderExport.id, viewer);
    expect(done).toMatchObject({ state: 'DONE', exported: 1001 });
    const rows = rowsOf((await fetchFile(done.downloadPath)).text);
    expect([rows.length, new Set(rows.map(({ id }) => id)).size]).toEqual([1001, 1001]);
  });
});
