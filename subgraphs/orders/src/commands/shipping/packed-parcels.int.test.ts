import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { orderToShip } from '@quanyu/calls';
import { orderReceived, parcelPacked, skuCreated, stockReserved, type EventOf } from '@quanyu/events';
import { newId } from '@quanyu/ids';
import { openTestSubgraph, TEST_TENANT, type Json, type TestSubgraph } from '@quanyu/testing';
import { orders } from '../../subgraph.js';

// What a system outside packs for us: it asks what to pack, and tells what has gone.

const [CHANNEL, SHIPPER, MUG] = [newId('con'), newId('con'), newId('sku')];
let subgraph: TestSubgraph;
let number = 0;
beforeAll(async () => {
  subgraph = await openTestSubgraph(orders);
  await subgraph.deliver(skuCreated({ tenantId: TEST_TENANT, sequence: 1, data: { skuId: MUG, productId: newId('prd'), code: 'MUG' } }));
});
afterAll(() => subgraph.close());

type Told = EventOf<typeof orderReceived>['data'];
const told = (over: Partial<Told> = {}): Told => ({
  connectionId: CHANNEL, platform: 'TAOBAO', deliveryId: newId('dlv'), externalOrderId: `packed-${number += 1}`, orderNumber: `${number}`, placedAt: '2026-11-01T08:00:00Z', updatedAt: '2026-11-01T08:00:00Z',
  paymentState: 'PAID', cancelledAt: null, rawStatus: 'wait_seller_send_goods', amounts: { currency: 'CNY', itemsMinor: 5900, discountMinor: 0, shippingMinor: 0, taxMinor: 0, taxesIncluded: true, totalMinor: 5900 },
  lines: [{ externalLineId: '1', externalSku: 'MUG', title: 'Mug', quantity: 2, unitPriceMinor: 2950, discountMinor: 0 }], customer: null, sealedShipTo: null, ...over,
});
const receive = (data: Told) => subgraph.deliver(orderReceived({ tenantId: TEST_TENANT, sequence: Date.parse(data.updatedAt), data }));
async function toShip(over: Partial<Told> = {}): Promise<{ readonly order: Told; readonly orderId: string; readonly lineId: string }> {
  const order = told(over);
  await receive(order);
  const [{ id: orderId }] = await subgraph.rows<{ id: string }>(TEST_TENANT, 'select id from sales_order where external_order_id = ?', [order.externalOrderId]) as [{ id: string }];
  await subgraph.deliver(stockReserved({ tenantId: TEST_TENANT, sequence: 1, data: { orderId, reservationId: newId('rsv'), lines: [{ skuId: MUG, quantity: 2 }] } }));
  const [{ id: lineId }] = await subgraph.rows<{ id: string }>(TEST_TENANT, 'select id from order_line where order_id = ?', [orderId]) as [{ id: string }];
  return { order, orderId, lineId };
}
const packed = (orderId: string, trackingNumber: string, lines: { lineId: string; quantity: number }[] | null = null) =>
  subgraph.deliver(parcelPacked({ tenantId: TEST_TENANT, sequence: Date.now(), data: { connectionId: SHIPPER, orderId, carrier: 'SF', trackingNumber, service: 'sf_standard_express', lines, shippedAt: '2026-11-01T10:00:00Z' } }));
const look = async (orderId: string): Promise<Json> => (await subgraph.ask('query($id: ID!) { order(id: $id) { status partiallyShipped lines { shippedQuantity } parcels { carrier trackingNumber service shippedBy } exceptions { code state subjects } } }', { id: orderId })).data?.order;
const shipped = async (orderId: string): Promise<Json[]> => (await subgraph.recorded('orders.order-shipped.v1')).filter(({ subject }) => subject === orderId).map(({ data: { by, trackingNumber, complete, lines } }) => ({ by, trackingNumber, complete, units: lines.map(({ quantity }: Json) => quantity) }));
const ask = (orderId: string): Promise<Json> => orders.calls!(subgraph.deps as never).find(({ name }: { name: string }) => name === orderToShip.name)!.handle({ tenantId: TEST_TENANT, orderId }) as Promise<Json>;

describe('an order that is to be packed outside', () => {
  it('is told with how its buyer wishes it to be sent, as the channel said it, or with nothing', async () => {
    const wished = await toShip({ shippingMethod: '顺丰特快' });
    expect(await ask(wished.orderId)).toMatchObject({ kind: 'ship', order: { shippingHints: { method: '顺丰特快' } } });
    expect(await ask((await toShip()).orderId)).toMatchObject({ kind: 'ship', order: { shippingHints: { method: null } } });
  });
});

describe('a parcel that was packed outside', () => {
  it('ships its order once, however often it is told', async () => {
    const { orderId } = await toShip();
    const event = await packed(orderId, 'SF1000001');
    await packed(orderId, 'SF1000001');
    await subgraph.redeliver(event);
    expect(await look(orderId)).toMatchObject({ status: 'SHIPPED', lines: [{ shippedQuantity: 2 }], parcels: [{ carrier: 'SF', trackingNumber: 'SF1000001', service: 'sf_standard_express', shippedBy: 'US' }] });
    expect((await subgraph.recorded('orders.order-shipped.v1')).find(({ subject }) => subject === orderId)?.data).toMatchObject({ carrier: 'SF', trackingNumber: 'SF1000001', service: 'sf_standard_express', shippedAt: expect.any(String) });
    expect(await shipped(orderId)).toEqual([{ by: 'US', trackingNumber: 'SF1000001', complete: true, units: [2] }]);
  });

  it('holds no more than is left, in whatever order parcels are told; a second box of the same goods has a number and no units', async () => {
    const { orderId, lineId } = await toShip();
    await packed(orderId, 'SF2000002', [{ lineId, quantity: 1 }]);
    expect(await look(orderId)).toMatchObject({ status: 'TO_SHIP', partiallyShipped: true });
    await packed(orderId, 'SF2000001', [{ lineId, quantity: 5 }, { lineId: newId('lin'), quantity: 1 }]);
    await packed(orderId, 'SF2000003', [{ lineId, quantity: 2 }]);
    expect(await look(orderId)).toMatchObject({ status: 'SHIPPED', lines: [{ shippedQuantity: 2 }] });
    expect((await shipped(orderId)).map(({ trackingNumber, units }) => [trackingNumber, units])).toEqual([['SF2000002', [1]], ['SF2000001', [1]], ['SF2000003', []]]);
  });

  it('of an order that was cancelled, or whose stock nobody holds, calls a person; one of no order of ours is left alone', async () => {
    const { order, orderId } = await toShip();
    await receive({ ...order, updatedAt: '2026-11-01T09:00:00Z', cancelledAt: '2026-11-01T09:00:00Z', paymentState: 'REFUNDED' });
    await packed(orderId, 'SF3000001');
    expect(await look(orderId)).toMatchObject({ status: 'CANCELLED', parcels: [], exceptions: [{ code: 'SHIPPED_EARLY', state: 'OPEN', subjects: ['SF3000001'] }] });
    await packed(newId('ord'), 'SF3000002');
    expect(await shipped(orderId)).toEqual([]);
  });
});

describe('what there is to pack', () => {
  it('is what is left of an order, nothing while it is on hold, and nothing once it has gone', async () => {
    const { orderId, lineId } = await toShip();
    expect(await ask(orderId)).toMatchObject({ kind: 'ship', order: { connectionId: CHANNEL, platform: 'TAOBAO', totalMinor: 5900, lines: [{ lineId, skuId: MUG, quantity: 2, unitPriceMinor: 2950 }] } });
    await packed(orderId, 'SF4000001', [{ lineId, quantity: 1 }]);
    expect((await ask(orderId)).order.lines).toMatchObject([{ quantity: 1 }]);
    await subgraph.ask('mutation($input: HoldOrderInput!) { holdOrder(input: $input) { userErrors { code } } }', { input: { orderId, reason: 'asks', idempotencyKey: newId('req') } });
    expect(await ask(orderId)).toEqual({ kind: 'wait' });
    await packed(orderId, 'SF4000002');
    expect([await ask(orderId), await ask(newId('ord'))]).toEqual([{ kind: 'over' }, { kind: 'over' }]);
  });

  it('says what was written with it, sealed for that order', async () => {
    const [externalOrderId, notes] = [newId('req'), { buyer: '请周末送达', gift: '生日快乐', instructions: null, seller: null }];
    const { orderId } = await toShip({ externalOrderId, sealedNotes: subgraph.deps.vault.seal(JSON.stringify(notes), { tenantId: TEST_TENANT, row: externalOrderId, field: 'notes' }) });
    const { order } = await ask(orderId);
    expect(JSON.parse(subgraph.deps.vault.open(order.sealedNotes, { tenantId: TEST_TENANT, row: orderId, field: 'notes' }))).toEqual(notes);
    expect(JSON.stringify(order)).not.toContain('生日快乐');
    expect(await ask((await toShip()).orderId)).toMatchObject({ order: { sealedNotes: null } });
  });
});
