import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { answer, InProcessCalls, issueWaybill, offerSkus } from '@quanyu/calls';
import { orderReceived, parcelTracked, skuCreated, stockReserved, tenantCreated, yearCardChanged, type EventOf } from '@quanyu/events';
import { newId } from '@quanyu/ids';
import { openTestSubgraph, staffOf, TEST_TENANT, testVault, type Json, type TestSubgraph } from '@quanyu/testing';
import { Viewer } from '@quanyu/viewer';
import { orders } from '../../subgraph.js';

// A carrier by the contract of the call; the real ones answer in the bridge's tests, and the whole way is walked in tests/journeys/parcel.test.ts.
const [SHOP, OTHER, MUG] = [newId('con'), newId('con'), newId('sku')];
const numbers = new Map<string, string>();
const said: { requestId: string; carrier: string; receiver: Json; sender: Json; goods: string; weightGrams: number | null }[] = [];
/** What the next askings meet: the number is given and the answer lost, or the carrier says so. */
const faults: ('LOST' | { readonly code: string; readonly retryable: boolean })[] = [];
const vault = testVault();
const calls = new InProcessCalls();
calls.add([
  answer(offerSkus, ({ skuIds }) => Promise.resolve({ skus: skuIds.map((skuId) => ({ skuId, code: 'MUG', title: 'Mug', weightGrams: 600, unitPriceMinor: 2950 })) })),
  answer(issueWaybill, ({ requestId, carrier, orderId, tenantId, sealedReceiver, sealedSender, goods, weightGrams }) => {
    const receiver = JSON.parse(vault.open(sealedReceiver, { tenantId, row: orderId, field: 'shipTo' })) as Json;
    said.push({ requestId, carrier, receiver, sender: JSON.parse(vault.open(sealedSender, { tenantId, row: tenantId, field: 'sender' })), goods, weightGrams });
    const fault = faults.shift();
    if (fault !== undefined && fault !== 'LOST') return Promise.resolve({ kind: 'refused' as const, ...fault });
    const number = numbers.get(requestId) ?? `${carrier}${1_000_000 + numbers.size}`;
    numbers.set(requestId, number);
    if (fault === 'LOST') throw new Error('the answer got lost');
    const sealedPrint = receiver.oaid ? vault.seal(JSON.stringify({ encryptedData: 'AES:x', signature: 'MD:y', templateURL: 'http://cloudprint.cainiao.com/template/standard/301/1', ver: '1' }), { tenantId, row: requestId, field: 'print' }) : null;
    return Promise.resolve({ kind: 'issued' as const, trackingNumber: number, routeCode: '571-01', sortingCode: null, sealedPrint });
  }),
]);

let subgraph: TestSubgraph;
let count = 0;
const ask = async (query: string, variables: Record<string, unknown> = {}, viewer = staffOf(TEST_TENANT)): Promise<Json> => {
  const { data, errors } = await subgraph.ask(query, variables, viewer);
  return errors.length > 0 ? { errors } : Object.values(data!)[0];
};
const FROM = { name: '拾光工作室', phone: '13900000009', address1: '样本路 9 号', city: '杭州市', province: '浙江省', countryCode: 'CN' };
beforeAll(async () => {
  subgraph = await openTestSubgraph(orders, { calls });
  await subgraph.deliver(tenantCreated({ tenantId: TEST_TENANT, sequence: 1, data: { tenantId: TEST_TENANT, name: 'x', timeZone: 'Asia/Shanghai', baseCurrency: 'CNY' } }));
  await subgraph.deliver(skuCreated({ tenantId: TEST_TENANT, sequence: 1, data: { skuId: MUG, productId: newId('prd'), code: 'MUG' } }));
});
beforeEach(() => { faults.length = 0; said.length = 0; });
afterAll(() => subgraph.close());

const TO = { name: '王小明', phone: '+8613700000003', address1: '样本街 3 号', address2: null, city: '成都市', province: '四川省', postalCode: null, countryCode: 'CN' };
/** An order that can be sent; gives its id. */
async function toShip(over: Partial<EventOf<typeof orderReceived>['data']> & { to?: object | null } = {}): Promise<string> {
  count += 1;
  const { to = TO, ...more } = over;
  const externalOrderId = `way-${count}`;
  await subgraph.deliver(orderReceived({ tenantId: TEST_TENANT, sequence: 1, data: {
    connectionId: SHOP, platform: 'TAOBAO', deliveryId: newId('dlv'), externalOrderId, orderNumber: `W${count}`, placedAt: '2026-11-01T08:00:00Z', updatedAt: '2026-11-01T08:00:00Z', paymentState: 'PAID', cancelledAt: null,
    rawStatus: 'wait_seller_send_goods', amounts: { currency: 'CNY', itemsMinor: 5900, discountMinor: 0, shippingMinor: 0, taxMinor: 0, taxesIncluded: true, totalMinor: 5900 },
    lines: [{ externalLineId: '1', externalSku: 'MUG', title: '创作者马克杯', quantity: 2, unitPriceMinor: 2950, discountMinor: 0 }], customer: null,
    sealedShipTo: to === null ? null : vault.seal(JSON.stringify(to), { tenantId: TEST_TENANT, row: externalOrderId, field: 'shipTo' }), ...more,
  } }));
  const [{ id }] = await subgraph.rows<{ id: string }>(TEST_TENANT, 'select id from sales_order where external_order_id = ?', [externalOrderId]) as [{ id: string }];
  await subgraph.deliver(stockReserved({ tenantId: TEST_TENANT, sequence: 1, data: { orderId: id, reservationId: newId('rsv'), lines: [{ skuId: MUG, quantity: 2 }] } }));
  return id;
}
const setSender = (): Promise<Json> => ask('mutation($input: DeliveryAddressInput!) { setSender(input: $input) { done userErrors { code field } } }', { input: FROM });
const WAYBILL = 'id carrier state trackingNumber failureCode printCount componentOnly order { id }';
const request = (orderIds: string[], over: object = {}, viewer = staffOf(TEST_TENANT)): Promise<Json> =>
  ask(`mutation($input: RequestWaybillsInput!) { requestWaybills(input: $input) { waybills { ${WAYBILL} } refused { orderId code } userErrors { code } } }`, { input: { orderIds, idempotencyKey: newId('req'), ...over } }, viewer);
const waybillsOf = async (id: string): Promise<Json[]> => (await ask(`query($id: ID!) { order(id: $id) { waybills { ${WAYBILL} } } }`, { id })).waybills;
const deedsOf = async (id: string): Promise<string[]> => (await ask('query($id: ID!) { order(id: $id) { timeline { deed } } }', { id })).timeline.map(({ deed }: Json) => deed);
const job = () => subgraph.jobs.definitions.find(({ name }) => name === 'orders.fetch-waybill')!;
/** Does what is due, as the queue would. */
const fetchDue = async (): Promise<number> => {
  let done = 0;
  for await (const batch of job().due!()) for (const { payload } of batch) {
    await job().run(payload, { signal: AbortSignal.timeout(10_000), attempt: 1 });
    done += 1;
  }
  return done;
};
const sql = (text: string, ...params: unknown[]): Promise<unknown> => subgraph.deps.database.write(TEST_TENANT, 'test', (em) => em.execute(text, params));
const soon = (): Promise<unknown> => sql("update waybill set next_at = now(), leased_until = null where state = 'WANTED'");
/** An order with its number. */
async function numbered(over: Parameters<typeof toShip>[0] & { carrier?: string } = {}): Promise<{ orderId: string; waybillId: string; trackingNumber: string }> {
  const { carrier = 'SF', ...order } = over;
  const orderId = await toShip(order);
  await request([orderId], { carrier });
  await fetchDue();
  const [waybill] = await waybillsOf(orderId) as [Json];
  return { orderId, waybillId: waybill.id, trackingNumber: waybill.trackingNumber };
}
const scan = (trackingNumber: string, viewer = staffOf(TEST_TENANT)): Promise<Json> =>
  ask('mutation($input: ScanParcelInput!) { scanParcel(input: $input) { order { id status parcels { carrier trackingNumber } } userErrors { code field } } }', { input: { trackingNumber, idempotencyKey: newId('req') } }, viewer);

describe('the number of a carrier', () => {
  it('is not asked for before somebody stands as the sender, whose address is kept sealed', async () => {
    expect((await request([await toShip()])).userErrors).toEqual([{ code: 'SENDER_MISSING' }]);
    expect((await ask('mutation($input: DeliveryAddressInput!) { setSender(input: $input) { userErrors { code field } } }', { input: { ...FROM, phone: '12' } })).userErrors).toEqual([{ code: 'ADDRESS_INVALID', field: ['phone'] }]);
    expect(await setSender()).toEqual({ done: true, userErrors: [] });
    expect(JSON.stringify(await subgraph.rows(TEST_TENANT, 'select sealed from sender'))).not.toMatch(/拾光|139/);
  });

  it('is asked for with the sealed address, comes within one job, and stands in the timeline', async () => {
    const orderId = await toShip();
    const { waybills, refused } = await request([orderId]);
    // To Sichuan the rule names ZTO first, and nothing else is known.
    expect([waybills, refused]).toEqual([[expect.objectContaining({ state: 'WANTED', carrier: 'ZTO', order: { id: orderId } })], []]);
    await fetchDue();
    expect(said).toEqual([{ requestId: waybills[0].id, carrier: 'ZTO', receiver: TO, sender: expect.objectContaining({ name: FROM.name, phone: '+8613900000009' }), goods: '创作者马克杯 x2', weightGrams: 1200 }]);
    expect(await waybillsOf(orderId)).toEqual([expect.objectContaining({ state: 'ISSUED', trackingNumber: numbers.get(waybills[0].id), componentOnly: false })]);
    expect(await deedsOf(orderId)).toContain('WAYBILL_ISSUED');
  });

  it('is one for each order, however often and by how many it is asked for', async () => {
    const orderId = await toShip();
    const key = newId('req');
    const first = await request([orderId], { idempotencyKey: key });
    const answers = await Promise.all([request([orderId], { idempotencyKey: key }), request([orderId]), request([orderId], { carrier: 'SF' }), request([orderId])]);
    expect(new Set(answers.flatMap(({ waybills }) => waybills.map(({ id }: Json) => id)))).toEqual(new Set([first.waybills[0].id]));
    await Promise.all([job().run({ tenantId: TEST_TENANT, waybillId: first.waybills[0].id }, { signal: AbortSignal.timeout(10_000), attempt: 1 }), fetchDue()]);
    expect(said).toHaveLength(1);
    const [issued] = await waybillsOf(orderId);
    expect((await request([orderId])).waybills).toEqual([issued]);
  });

  it('is the same number after an answer that got lost, or a process that was killed', async () => {
    const orderId = await toShip();
    const { waybills: [{ id }] } = await request([orderId]);
    faults.push('LOST');
    await fetchDue();
    const given = numbers.get(id);
    expect(await waybillsOf(orderId)).toEqual([expect.objectContaining({ state: 'WANTED', failureCode: 'UNANSWERED' })]);
    // Not before its time: a carrier that is away is not asked in a loop.
    expect(await fetchDue()).toBe(0);
    // Killed between the answer and its keeping: the claim is there, and nothing else.
    await soon();
    await sql("update waybill set attempts = attempts + 1, leased_until = now() - interval '1 second' where id = ?", id);
    await fetchDue();
    expect(await waybillsOf(orderId)).toEqual([expect.objectContaining({ state: 'ISSUED', trackingNumber: given, failureCode: null })]);
  });

  it('that a carrier refuses waits for a person, who tries again or takes another carrier', async () => {
    const orderId = await toShip();
    faults.push({ code: 'NO_CARRIER_ACCOUNT', retryable: false }, { code: 'NO_CARRIER_ACCOUNT', retryable: false });
    const { waybills: [first] } = await request([orderId], { carrier: 'DEPPON' });
    await fetchDue();
    expect(await waybillsOf(orderId)).toEqual([expect.objectContaining({ id: first.id, state: 'FAILED', failureCode: 'NO_CARRIER_ACCOUNT' })]);
    expect((await request([orderId], { carrier: 'DEPPON' })).waybills[0]).toMatchObject({ id: first.id, state: 'WANTED' });
    await fetchDue();
    const { waybills: [other] } = await request([orderId], { carrier: 'SF' });
    await fetchDue();
    expect(other.id).not.toBe(first.id);
    expect((await waybillsOf(orderId)).map(({ state, carrier }) => [carrier, state])).toEqual([['DEPPON', 'VOID'], ['SF', 'ISSUED']]);
    expect(await deedsOf(orderId)).toContain('WAYBILL_FAILED');
  });

  it('is given up while its parcel is here, and not after', async () => {
    const { orderId, waybillId, trackingNumber } = await numbered();
    const giveUp = (id: string, viewer?: Viewer): Promise<Json> => ask('mutation($input: VoidWaybillInput!) { voidWaybill(input: $input) { waybill { state } userErrors { code } } }', { input: { waybillId: id, idempotencyKey: newId('req') } }, viewer);
    expect((await giveUp(waybillId, staffOf(TEST_TENANT, { channels: [OTHER] }))).userErrors).toEqual([{ code: 'WAYBILL_NOT_FOUND' }]);
    expect(await giveUp(waybillId)).toEqual({ waybill: { state: 'VOID' }, userErrors: [] });
    expect((await scan(trackingNumber)).userErrors).toEqual([{ code: 'WAYBILL_STATE', field: ['trackingNumber'] }]);
    await request([orderId], { carrier: 'SF' });
    await fetchDue();
    const second = (await waybillsOf(orderId)).at(-1)!;
    expect(second.trackingNumber).not.toBe(trackingNumber);
    await scan(second.trackingNumber);
    expect((await giveUp(second.id)).userErrors).toEqual([{ code: 'WAYBILL_STATE' }]);
  });

  it('is refused for what cannot be sent, by name, and the others get theirs', async () => {
    const [good, held, nowhere, elsewhere] = [await toShip(), await toShip(), await toShip({ to: null }), await toShip({ connectionId: OTHER })];
    await ask('mutation($input: HoldOrderInput!) { holdOrder(input: $input) { order { id } } }', { input: { orderId: held, reason: 'x', idempotencyKey: newId('req') } });
    const { waybills, refused } = await request([good, held, nowhere, elsewhere, newId('ord')], {}, staffOf(TEST_TENANT, { channels: [SHOP] }));
    expect(waybills).toHaveLength(1);
    expect(refused.map(({ code }: Json) => code)).toEqual(['ON_HOLD', 'ADDRESS_MISSING', 'ORDER_NOT_FOUND', 'ORDER_NOT_FOUND']);
    expect((await request([])).userErrors).toEqual([{ code: 'ORDERS_INVALID' }]);
    expect((await request([good, good])).userErrors).toEqual([{ code: 'ORDERS_INVALID' }]);
    expect((await request([good], { carrier: 'sf; drop' })).userErrors).toEqual([{ code: 'TRACKING_INVALID' }]);
    const buyer = new Viewer({ kind: 'member', tenantId: TEST_TENANT, subjectId: newId('mem'), scopes: ['orders:buy'], channels: [] });
    expect((await request([good], {}, buyer)).errors[0].code).toBe('FORBIDDEN');
    await fetchDue();
  });

  it('costs a steady number of statements, for one order or for fifty', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 12; n += 1) ids.push(await toShip());
    const few = await subgraph.sql.during(() => request(ids.slice(0, 2)));
    const many = await subgraph.sql.during(() => request(ids.slice(2)));
    expect(many.length).toBe(few.length);
    const shown = await subgraph.sql.during(() => ask(`{ orders(first: 20) { nodes { waybills { id order { id } } } } }`));
    // The page, its waybills, and the way back from these.
    expect(shown).toHaveLength(3);
    await fetchDue();
  });
});

describe('labels', () => {
  const BATCH = 'id format total skipped waiting handedOut printed failed items { state attempts failureCode waybill { id printCount } }';
  const batch = (waybillIds: string[], over: object = {}, viewer = staffOf(TEST_TENANT)): Promise<Json> =>
    ask(`mutation($input: CreatePrintBatchInput!) { createPrintBatch(input: $input) { batch { ${BATCH} } userErrors { code field } } }`, { input: { waybillIds, format: 'PDF', idempotencyKey: newId('req'), ...over } }, viewer);
  const take = (batchId: string, most = 50, viewer = staffOf(TEST_TENANT)): Promise<Json> =>
    ask(`mutation($id: ID!, $most: Int!) { takeLabels(batchId: $id, most: $most) { waybillIds document { contentType base64 } batch { ${BATCH} } userErrors { code } } }`, { id: batchId, most }, viewer);
  const report = (batchId: string, over: object): Promise<Json> => ask(`mutation($input: ReportPrintedInput!) { reportPrinted(input: $input) { batch { ${BATCH} } userErrors { code } } }`, { input: { batchId, ...over } });
  const several = async (n: number): Promise<{ orderId: string; waybillId: string }[]> => { const made = []; for (let at = 0; at < n; at += 1) made.push(await numbered()); return made; };
  const textOf = ({ document }: Json): string => Buffer.from(document.base64, 'base64').toString('latin1');

  it('are handed out as one PDF, reported, counted, and left out the next time', async () => {
    const made = await several(3);
    const ids = made.map(({ waybillId }) => waybillId);
    const { batch: { id } } = await batch(ids);
    const taken = await take(id);
    expect([taken.waybillIds, taken.document.contentType, textOf(taken).slice(0, 5)]).toEqual([ids, 'application/pdf', '%PDF-']);
    expect(textOf(taken).match(/\/Type \/Page\b/g)).toHaveLength(3);
    expect(taken.batch).toMatchObject({ total: 3, waiting: 0, handedOut: 3, printed: 0 });
    for (const _time of [1, 2]) expect((await report(id, { printed: ids })).batch).toMatchObject({ printed: 3, handedOut: 0, items: ids.map((waybillId) => ({ state: 'PRINTED', attempts: 1, waybill: { id: waybillId, printCount: 1 } })) });
    expect((await deedsOf(made[0]!.orderId)).filter((deed) => deed === 'LABEL_PRINTED')).toHaveLength(1);
    expect((await batch(ids)).batch).toMatchObject({ total: 0, skipped: 3 });
    expect((await batch(ids, { again: true })).batch).toMatchObject({ total: 3, skipped: 0 });
  });

  it('that failed are handed out again, three times in all, and those that nobody reported as well', async () => {
    const [first, second] = (await several(2)).map(({ waybillId }) => waybillId) as [string, string];
    const { batch: { id } } = await batch([first, second]);
    await take(id);
    expect((await report(id, { printed: [first], failed: [{ waybillId: second, code: 'PAPER_OUT' }] })).batch).toMatchObject({ printed: 1, waiting: 1 });
    expect((await take(id)).waybillIds).toEqual([second]);
    // Taken and never heard of again.
    expect((await take(id)).waybillIds).toEqual([]);
    await sql("update print_item set leased_until = now() - interval '1 second' where batch_id = ? and state = 'HANDED_OUT'", id);
    expect((await take(id)).waybillIds).toEqual([second]);
    expect((await report(id, { failed: [{ waybillId: second, code: 'JAMMED' }] })).batch.items[1]).toEqual({ state: 'FAILED', attempts: 3, failureCode: 'JAMMED', waybill: { id: second, printCount: 0 } });
    expect((await take(id)).document).toBeNull();
  });

  it('are handed to one of two printers each, never to both', async () => {
    const ids = (await several(6)).map(({ waybillId }) => waybillId);
    const { batch: { id } } = await batch(ids);
    const taken = await Promise.all([take(id, 3), take(id, 3), take(id, 3)]);
    expect(taken.flatMap(({ waybillIds }) => waybillIds).sort()).toEqual([...ids].sort());
    // Another desk that wants the same labels finds them at work.
    expect((await batch(ids)).batch).toMatchObject({ total: 0, skipped: 6 });
  });

  it('wait for their number, and are set aside when their order is not to be sent any more', async () => {
    const orderId = await toShip();
    const { waybills: [{ id: waybillId }] } = await request([orderId]);
    const { batch: { id } } = await batch([waybillId]);
    expect((await take(id)).waybillIds).toEqual([]);
    await fetchDue();
    await ask('mutation($input: HoldOrderInput!) { holdOrder(input: $input) { order { id } } }', { input: { orderId, reason: 'x', idempotencyKey: newId('req') } });
    expect((await take(id)).batch.items).toMatchObject([{ state: 'FAILED', failureCode: 'ON_HOLD' }]);
  });

  it('speak ZPL with the number as a barcode of the printer, and Chinese as dots', async () => {
    const { waybillId, trackingNumber } = await numbered();
    const { batch: { id } } = await batch([waybillId], { format: 'ZPL' });
    const taken = await take(id);
    expect(taken.document.contentType).toBe('application/zpl');
    expect(textOf(taken)).toMatch(new RegExp(`^\\^XA\\^PW608\\^LL1040[\\s\\S]*\\^BCN,\\d+,N,N,N,A\\^FD${trackingNumber}\\^FS[\\s\\S]*\\^XZ$`));
  });

  it('of a receiver whom the channel masks come as a task of its print component, and in no other way', async () => {
    const masked = { ...TO, name: '王**', phone: '*******0003', address1: '**街**号', oaid: '1FakeOaid' };
    const { waybillId } = await numbered({ to: masked });
    expect(said.at(-1)!.receiver).toEqual(masked);
    const { batch: { id: pdf } } = await batch([waybillId]);
    expect(await take(pdf)).toMatchObject({ waybillIds: [], document: null, batch: { failed: 1, items: [{ failureCode: 'COMPONENT_ONLY' }] } });
    const { batch: { id } } = await batch([waybillId, (await numbered()).waybillId], { format: 'CAINIAO' });
    const taken = await take(id);
    expect(taken.batch.items.map(({ state, failureCode }: Json) => [state, failureCode])).toEqual([['HANDED_OUT', null], ['FAILED', 'NO_PRINT_DATA']]);
    expect(JSON.parse(Buffer.from(taken.document.base64, 'base64').toString())).toMatchObject({ cmd: 'print', task: { documents: [{ documentID: waybillId, contents: [{ encryptedData: 'AES:x', signature: 'MD:y', templateURL: expect.stringContaining('cloudprint.cainiao.com') }] }] } });
  });

  it('are refused to who may not print, and to other channels', async () => {
    const { waybillId } = await numbered();
    const { batch: { id } } = await batch([waybillId]);
    const reader = staffOf(TEST_TENANT, { scopes: ['orders:read', 'orders:write'] });
    expect([(await batch([waybillId], {}, reader)).errors[0].code, (await take(id, 1, reader)).errors[0].code]).toEqual(['FORBIDDEN', 'FORBIDDEN']);
    const stranger = staffOf(TEST_TENANT, { channels: [OTHER] });
    expect((await batch([waybillId], {}, stranger)).userErrors).toEqual([{ code: 'WAYBILL_NOT_FOUND', field: ['waybillIds', '0'] }]);
    expect((await take(id, 1, stranger)).waybillIds).toEqual([]);
    expect((await batch([])).userErrors[0].code).toBe('WAYBILLS_INVALID');
    expect((await batch([waybillId], { templateId: newId('ltp') })).userErrors[0].code).toBe('TEMPLATE_NOT_FOUND');
    expect((await take(newId('ptb'))).userErrors[0].code).toBe('PRINT_BATCH_NOT_FOUND');
    expect((await report(newId('ptb'), {})).userErrors[0].code).toBe('PRINT_BATCH_NOT_FOUND');
  });

  it('look as a template says: data that is checked, kept and shown before it is used', async () => {
    const save = (input: object): Promise<Json> => ask('mutation($input: SaveLabelTemplateInput!) { saveLabelTemplate(input: $input) { template { id size slogan hasLogo version elements } userErrors { code field } } }', { input: { name: '双十一', size: 'MM_100X180', ...input } });
    const { template } = await save({ slogan: '愿你今天也被好好对待' });
    expect(template).toMatchObject({ size: 'MM_100X180', slogan: '愿你今天也被好好对待', hasLogo: false, version: 1 });
    const elements = JSON.parse(template.elements) as Json[];
    expect((await save({ id: template.id, elements: JSON.stringify(elements.filter(({ kind }) => kind !== 'line')) })).template.version).toBe(2);
    expect((await save({ elements: JSON.stringify(elements.filter(({ kind }) => kind !== 'barcode')) })).userErrors).toEqual([{ code: 'TEMPLATE_INVALID', field: ['elements'] }]);
    expect((await save({ elements: JSON.stringify([{ ...elements[0], x: 99, width: 9 }, ...elements]) })).userErrors).toEqual([{ code: 'TEMPLATE_INVALID', field: ['elements', '0'] }]);
    expect((await save({ elements: '{' })).userErrors).toEqual([{ code: 'TEMPLATE_INVALID', field: ['elements'] }]);
    expect((await save({ logo: Buffer.from('<svg/>').toString('base64') })).userErrors).toEqual([{ code: 'LOGO_INVALID', field: ['logo'] }]);
    expect((await save({ id: newId('ltp') })).userErrors).toEqual([{ code: 'TEMPLATE_NOT_FOUND', field: ['id'] }]);
    const { waybillId } = await numbered();
    const preview = await ask('query($id: ID, $waybillId: ID) { labelPreview(templateId: $id, waybillId: $waybillId) { svg png userErrors { code } } }', { id: template.id, waybillId });
    expect(preview.svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" width="100mm" height="180mm"/);
    expect(Buffer.from(preview.png, 'base64').subarray(1, 4).toString()).toBe('PNG');
    const { batch: { id } } = await batch([waybillId], { templateId: template.id });
    expect(textOf(await take(id))).toContain('/MediaBox [0 0 283.46');
  });
});

describe('a packer who scans a label', () => {
  it('sends its order, once, and its channel is told of the number', async () => {
    const { orderId, trackingNumber } = await numbered();
    for (const _time of [1, 2]) expect(await scan(trackingNumber)).toEqual({ order: { id: orderId, status: 'SHIPPED', parcels: [{ carrier: 'SF', trackingNumber }] }, userErrors: [] });
    expect((await subgraph.recorded('orders.order-shipped.v1')).filter(({ subject }) => subject === orderId).map(({ data }) => data)).toEqual([expect.objectContaining({ by: 'US', carrier: 'SF', trackingNumber, complete: true })]);
    expect(await waybillsOf(orderId)).toEqual([expect.objectContaining({ state: 'SHIPPED' })]);
  });

  it('is told to take out what is not to be sent, and what is nobody\'s', async () => {
    const { orderId, trackingNumber } = await numbered();
    await ask('mutation($input: HoldOrderInput!) { holdOrder(input: $input) { order { id } } }', { input: { orderId, reason: 'x', idempotencyKey: newId('req') } });
    expect((await scan(trackingNumber)).userErrors).toEqual([{ code: 'ON_HOLD', field: ['trackingNumber'] }]);
    expect((await scan('SF404')).userErrors).toEqual([{ code: 'WAYBILL_NOT_FOUND', field: ['trackingNumber'] }]);
    expect((await scan('--')).userErrors).toEqual([{ code: 'TRACKING_INVALID', field: ['trackingNumber'] }]);
    expect((await scan(trackingNumber, staffOf(TEST_TENANT, { channels: [OTHER] }))).userErrors).toEqual([{ code: 'WAYBILL_NOT_FOUND', field: ['trackingNumber'] }]);
  });
});

describe('where a parcel is', () => {
  const tell = (trackingNumber: string, state: EventOf<typeof parcelTracked>['data']['state'], at: string, firstAt = '2026-11-20T00:00:00Z') =>
    subgraph.deliver(parcelTracked({ tenantId: TEST_TENANT, sequence: Date.parse(at), data: { connectionId: OTHER, trackingNumber, state, at, firstAt } }));
  const trackOf = async (id: string): Promise<Json> => (await ask('query($id: ID!) { order(id: $id) { version parcels { track { state problem deliveredAt } } timeline { deed } } }', { id }));
  const FIGURES = 'query($from: DateTime!, $to: DateTime!, $ids: [ID!]) { shippingFigures(from: $from, to: $to, channelIds: $ids) { parcels due visible transparency delivered problems yearCardDue yearCardInTime } }';

  it('only goes forward, whatever order its pushes come in, and is told once', async () => {
    const { orderId, trackingNumber } = await numbered();
    await tell(trackingNumber, 'PICKED_UP', '2026-11-20T00:00:00Z');
    await scan(trackingNumber);
    expect((await trackOf(orderId)).parcels).toEqual([{ track: { state: 'PICKED_UP', problem: false, deliveredAt: null } }]);
    const events = [await tell(trackingNumber, 'OUT_FOR_DELIVERY', '2026-11-22T00:00:00Z'), await tell(trackingNumber, 'IN_TRANSIT', '2026-11-21T00:00:00Z'), await tell(trackingNumber, 'PROBLEM', '2026-11-22T03:00:00Z')];
    expect((await trackOf(orderId)).parcels).toEqual([{ track: { state: 'OUT_FOR_DELIVERY', problem: true, deliveredAt: null } }]);
    events.push(await tell(trackingNumber, 'DELIVERED', '2026-11-23T00:00:00Z'), await tell(trackingNumber, 'IN_TRANSIT', '2026-11-24T00:00:00Z'));
    const { version, timeline } = await trackOf(orderId);
    await subgraph.redeliver(...events, ...events);
    expect(await trackOf(orderId)).toMatchObject({ version, timeline, parcels: [{ track: { state: 'DELIVERED', problem: false, deliveredAt: '2026-11-23T00:00:00.000Z' } }] });
    expect(timeline.filter(({ deed }: Json) => deed === 'PARCEL_DELIVERED')).toHaveLength(1);
  });

  it('is counted: how many ways were told in time, of parcels of the channels that one sees', async () => {
    const shop = newId('con');
    const sent: Awaited<ReturnType<typeof numbered>>[] = [];
    for (let n = 0; n < 4; n += 1) { const one = await numbered({ connectionId: shop }); await scan(one.trackingNumber); sent.push(one); }
    await tell(sent[0]!.trackingNumber, 'DELIVERED', '2026-11-21T00:00:00Z');
    await tell(sent[1]!.trackingNumber, 'PROBLEM', '2026-11-21T00:00:00Z');
    const range = { from: new Date(Date.now() - 86_400_000).toISOString(), to: new Date(Date.now() + 86_400_000).toISOString() };
    expect(await ask(FIGURES, { ...range, ids: [shop] })).toEqual({ parcels: 4, due: 2, visible: 2, transparency: 1, delivered: 1, problems: 1, yearCardDue: 0, yearCardInTime: null });
    expect((await ask(FIGURES, { ...range, ids: [shop] }, staffOf(TEST_TENANT, { channels: [OTHER] }))).parcels).toBe(0);
    for (const days of [{ from: range.to, to: range.from }, { from: '2020-01-01T00:00:00Z', to: '2026-01-01T00:00:00Z' }]) expect((await ask(FIGURES, days)).errors[0].code).toBe('INPUT_INVALID');
  });
});

describe('members with a year card', () => {
  it('are sent to first, and counted by 24 hours', async () => {
    const [shop, member] = [newId('con'), newId('mem')];
    const ids: string[] = [];
    for (let n = 0; n < 3; n += 1) ids.push(await toShip({ connectionId: shop }));
    const [, second, third] = ids as [string, string, string];
    await sql('update sales_order set member_id = ? where id in (?, ?)', member, second, third);
    const card = (validUntil: string, sequence: number) => subgraph.deliver(yearCardChanged({ tenantId: TEST_TENANT, sequence, data: { memberId: member, validFrom: '2026-01-01T00:00:00Z', validUntil } }));
    const queue = async (): Promise<Json[]> => (await ask('query($ids: [ID!]) { shippingQueue(channelIds: $ids) { yearCard sendBy order { id } } }', { ids: [shop] }));
    expect((await queue()).map(({ order }) => order.id)).toEqual(ids);
    const events = [await card('2099-01-01T00:00:00Z', 2), await card('2026-01-02T00:00:00Z', 1)];
    await subgraph.redeliver(...events);
    expect((await queue()).map(({ order, yearCard }) => [order.id, yearCard])).toEqual([[second, true], [third, true], [ids[0], false]]);
    await sql("update sales_order set confirmed_at = now() - interval '30 hours' where id = ?", third);
    await request([second]);
    await fetchDue();
    await scan((await waybillsOf(second))[0]!.trackingNumber);
    const range = { from: new Date(Date.now() - 2 * 86_400_000).toISOString(), to: new Date(Date.now() + 86_400_000).toISOString() };
    expect(await ask('query($from: DateTime!, $to: DateTime!, $ids: [ID!]) { shippingFigures(from: $from, to: $to, channelIds: $ids) { yearCardDue yearCardInTime } }', { ...range, ids: [shop] })).toEqual({ yearCardDue: 2, yearCardInTime: 0.5 });
  });
});

describe('an order of a member with a year card', () => {
  it('is told of once, four hours before it is due; it is sent all the same, and nobody waits for it then', async () => {
    const [shop, member] = [newId('con'), newId('mem')];
    const [carded, other, fresh] = [await toShip({ connectionId: shop }), await toShip({ connectionId: shop }), await toShip({ connectionId: shop })];
    await subgraph.deliver(yearCardChanged({ tenantId: TEST_TENANT, sequence: 1, data: { memberId: member, validFrom: '2026-01-01T00:00:00Z', validUntil: '2099-01-01T00:00:00Z' } }));
    await sql("update sales_order set member_id = ?, confirmed_at = now() - interval '19 hours' where id = ?", member, fresh);
    await sql("update sales_order set member_id = ?, confirmed_at = now() - interval '21 hours' where id = ?", member, carded);
    await sql("update sales_order set member_id = ?, confirmed_at = now() - interval '21 hours' where id = ?", newId('mem'), other);
    const warn = subgraph.jobs.definitions.find(({ name }) => name === 'orders.warn-send-soon')!;
    const warnDue = async (): Promise<string[]> => {
      const told: string[] = [];
      for await (const batch of warn.due!()) for (const { payload } of batch) { await Promise.all([1, 2].map(() => warn.run(payload, { signal: AbortSignal.timeout(10_000), attempt: 1 }))); told.push((payload as { orderId: string }).orderId); }
      return told.filter((id) => [carded, other, fresh].includes(id));
    };
    expect(await warnDue()).toEqual([carded]);
    expect(await warnDue()).toEqual([]);
    const look = (): Promise<Json> => ask('query($id: ID!) { order(id: $id) { exceptions { code state subjects } availableActions { action enabled } } }', { id: carded });
    const warned = await look();
    expect(warned.exceptions).toMatchObject([{ code: 'SEND_SOON', state: 'OPEN' }]);
    expect(Math.round((Date.parse(warned.exceptions[0].subjects[0]) - Date.now()) / 3_600_000)).toBe(3);
    expect((await subgraph.recorded('orders.order-exception-raised.v2')).filter(({ subject }) => subject === carded)).toHaveLength(1);
    expect(warned.availableActions).toContainEqual({ action: 'SHIP', enabled: true });
    await request([carded]);
    await fetchDue();
    await scan((await waybillsOf(carded))[0]!.trackingNumber);
    expect((await look()).exceptions).toMatchObject([{ state: 'RESOLVED' }]);
  });
});

describe('orders that could go together', () => {
  it('are known by the id that their channel gives a masked receiver, else by address and phone, and never by a mask', async () => {
    const shop = newId('con');
    const masked = { ...TO, name: '王**', phone: '*******0003', address1: '**街**号' };
    const of = (to: object) => toShip({ connectionId: shop, to });
    const together = [await of({ ...masked, oaid: '1FakeOaidA' }), await of({ ...masked, address1: '**路**号', oaid: '1FakeOaidA' })];
    await of({ ...masked, oaid: '1FakeOaidB' });
    for (const _time of [1, 2]) await of(masked);
    const plain = [await of(TO), await of({ ...TO, phone: '13700000003', address1: ' 样本街３号 ' })];
    await of({ ...TO, phone: '+8613700000004' });
    const found: Json[] = await ask('query($ids: [ID!]) { mergeSuggestions(channelIds: $ids) { weightGrams parcelsSaved reasons orders { id } } }', { ids: [shop] });
    const saved = { weightGrams: 2400, parcelsSaved: 1, reasons: ['SAME_RECEIVER', 'WITHIN_2_HOURS', 'BELOW_10_KG'] };
    expect(found.map(({ orders: some, ...one }) => [...some.map(({ id }: Json) => id).toSorted(), one]).toSorted()).toEqual([together, plain].map((ids) => [...ids.toSorted(), saved]).toSorted());
  });
});

describe('the carrier', () => {
  const rate = (carrier: string, first: string, hours: number, province: string | null = null): Promise<Json> =>
    ask('mutation($input: CarrierRateInput!) { setCarrierRate(input: $input) { done userErrors { code } } }', { input: { carrier, province, firstGrams: 1000, first: { amount: first, currency: 'CNY' }, moreGrams: 1000, more: { amount: '2', currency: 'CNY' }, promisedHours: hours } });
  const advice = (id: string): Promise<Json> => ask('query($id: ID!) { shippingAdvice(orderId: $id) { carrier { carriers rule candidates { carrier cost { amount } score { amount } seenHours seenParcels reasons } } } }', { id });

  it('is chosen by rule, then by cost, promised time and what its parcels have taken, and says why', async () => {
    const to = { ...TO, province: '江苏省' };
    const orderId = await toShip({ to });
    expect((await advice(orderId)).carrier).toMatchObject({ rule: 'EAST', carriers: ['ZTO', 'YTO'] });
    await rate('ZTO', '6', 48);
    await rate('YTO', '5', 48);
    // 1.2 kg: the first kilogram and a begun second one. An hour is worth 0.20.
    expect((await advice(orderId)).carrier).toEqual({ rule: 'EAST', carriers: ['YTO', 'ZTO'], candidates: [
      { carrier: 'ZTO', cost: { amount: '8.00' }, score: { amount: '17.60' }, seenHours: null, seenParcels: 0, reasons: ['RATE', 'PROMISED_HOURS'] }, { carrier: 'YTO', cost: { amount: '7.00' }, score: { amount: '16.60' }, seenHours: null, seenParcels: 0, reasons: ['RATE', 'PROMISED_HOURS'] }] });
    await rate('ZTO', '3', 48, '江苏');
    expect((await advice(orderId)).carrier.carriers[0]).toBe('ZTO');
    await rate('ZTO', '6', 48, '江苏');
    // Twenty of ZTO's parcels to Jiangsu took a day, whatever it promises.
    for (let n = 0; n < 20; n += 1) {
      const { trackingNumber } = await numbered({ to, carrier: 'ZTO' });
      await subgraph.deliver(parcelTracked({ tenantId: TEST_TENANT, sequence: 1, data: { connectionId: OTHER, trackingNumber, state: 'DELIVERED', at: new Date().toISOString(), firstAt: new Date(Date.now() - 86_400_000).toISOString() } }));
    }
    expect((await advice(orderId)).carrier).toMatchObject({ carriers: ['ZTO', 'YTO'], candidates: [{ carrier: 'ZTO', seenHours: 24, seenParcels: 20, score: { amount: '12.80' }, reasons: ['RATE', 'SEEN_HOURS'] }, {}] });
    const { errors: [error] } = await ask('mutation($input: CarrierRateInput!) { setCarrierRate(input: $input) { done } }', { input: { carrier: 'SF', firstGrams: 1, first: { amount: '1', currency: 'CNY' }, moreGrams: 1, more: { amount: '1', currency: 'USD' }, promisedHours: 1 } });
    expect(error.code).toBe('INPUT_INVALID');
    expect((await rate('SF', '1', 0)).userErrors).toEqual([{ code: 'RATE_INVALID' }]);
  });

  it('is tried out on orders that were sent, without changing anything', async () => {
    const shop = newId('con');
    for (const carrier of ['YTO', 'YTO', 'ZTO']) { const { trackingNumber } = await numbered({ connectionId: shop, to: { ...TO, province: '江苏省' }, carrier }); await scan(trackingNumber); }
    const range = { from: new Date(Date.now() - 86_400_000).toISOString(), to: new Date(Date.now() + 86_400_000).toISOString(), ids: [shop] };
    const simulate = (viewer = staffOf(TEST_TENANT)): Promise<Json> => ask('query($from: DateTime!, $to: DateTime!, $ids: [ID!]) { simulateCarriers(from: $from, to: $to, channelIds: $ids) { orders changed unpriced carriers { carrier orders cost { amount } usedOrders usedCost { amount } } } }', range, viewer);
    expect(await simulate()).toEqual({ orders: 3, changed: 2, unpriced: 0, carriers: [
      { carrier: 'ZTO', orders: 3, cost: { amount: '24.00' }, usedOrders: 1, usedCost: { amount: '8.00' } }, { carrier: 'YTO', orders: 0, cost: { amount: '0.00' }, usedOrders: 2, usedCost: { amount: '14.00' } }] });
    expect((await simulate(staffOf(TEST_TENANT, { channels: [OTHER] }))).orders).toBe(0);
  });
});
