import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { crc32, deflateSync } from 'node:zlib';
import { STAGES } from '@quanyu/channel-sandbox';
import { asker, openShop } from './buyers.mjs';

const SHIP_TO = { name: '王小明', phone: '13700000003', address1: '样本街道示例路 3 号院 5 栋 2 单元 1203 室', city: '广州市', province: '广东省', countryCode: 'CN' };
const AT_ONCE = 50;

const chunk = (type, data) => {
  const body = Buffer.concat([Buffer.from(type), data]);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  const size = Buffer.alloc(4);
  size.writeUInt32BE(data.length);
  return Buffer.concat([size, body, sum]);
};
/** A logo of 240 by 80 grey dots: a disc and stripes. */
function logo() {
  const [width, height] = [240, 80];
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width);
  head.writeUInt32BE(height, 4);
  head.set([8, 0, 0, 0, 0], 8);
  const rows = Buffer.alloc((width + 1) * height, 255);
  for (let y = 0; y < height; y += 1) {
    rows[y * (width + 1)] = 0;
    for (let x = 0; x < width; x += 1) if ((x - 40) ** 2 + (y - 40) ** 2 < 1_200 || (x > 90 && x % 24 < 12)) rows[y * (width + 1) + 1 + x] = 0;
  }
  return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), chunk('IHDR', head), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]).toString('base64');
}

/** The carriers that a house is started against. */
export const carriers = () => STAGES.KUAIDI100();

/** A merchant who can print: a sender, an account with carriers, a template with logo and slogan, and so many orders to send. */
export async function openPrinting(house, stage, count) {
  const ask = asker(house);
  const shop = await openShop(house, 1_000_000);
  const { connectChannel } = await ask('mutation($input: ConnectChannelInput!) { connectChannel(input: $input) { channel { id } } }', { input: { platform: 'KUAIDI100', name: 'Carriers', shopDomain: stage.shopDomain, idempotencyKey: randomUUID() } });
  const fields = Object.entries({ ...stage.settings, ...stage.secrets }).map(([name, value]) => ({ name, value }));
  await ask('mutation($input: SetChannelAccountInput!) { setChannelAccount(input: $input) { userErrors { code } } }', { input: { channelId: connectChannel.channel.id, fields } });
  await ask('mutation($input: DeliveryAddressInput!) { setSender(input: $input) { done } }', { input: { ...SHIP_TO, name: '拾光工作室', phone: '13900000009', city: '杭州市', province: '浙江省' } });
  const { saveLabelTemplate } = await ask('mutation($input: SaveLabelTemplateInput!) { saveLabelTemplate(input: $input) { template { id } userErrors { code } } }', { input: { name: 'Bench', size: 'MM_76X130', slogan: '愿你今天也被好好对待', logo: logo() } });
  const orderIds = [];
  let placed = 0;
  await Promise.all(Array.from({ length: 16 }, async () => {
    while (placed < count) {
      placed += 1;
      const { placeOrder: { order } } = await ask('mutation($input: PlaceOrderInput!) { placeOrder(input: $input) { order { id amounts { total { amount currency } } } } }', { input: { channelId: shop.channelId, lines: [{ skuId: shop.skuId, quantity: 1 }], shipTo: SHIP_TO, idempotencyKey: randomUUID() } });
      await ask('mutation($input: RecordPaymentInput!) { recordPayment(input: $input) { order { status } } }', { input: { orderId: order.id, amount: order.amounts.total, reference: 'bench', idempotencyKey: order.id } });
      orderIds.push(order.id);
    }
  }));
  return { templateId: saveLabelTemplate.template.id, orderIds };
}

/** From orders to labels that are reported printed: numbers of the carrier, one PDF for each hand-out. */
export async function printOrders(house, { templateId, orderIds }) {
  const ask = asker(house);
  const since = performance.now();
  const { requestWaybills } = await ask('mutation($input: RequestWaybillsInput!) { requestWaybills(input: $input) { waybills { id } refused { code } } }', { input: { orderIds, carrier: 'SF', idempotencyKey: randomUUID() } });
  const waybillIds = requestWaybills.waybills.map(({ id }) => id);
  const printed = await printBatch(ask, { waybillIds, templateId, format: 'PDF' });
  return { perMinute: (printed / (performance.now() - since)) * 60_000, waybillIds };
}

/** Labels whose numbers are there, drawn again. */
export async function printAgain(house, { templateId }, waybillIds, format) {
  const since = performance.now();
  const printed = await printBatch(asker(house), { waybillIds, templateId, format, again: true });
  return (printed / (performance.now() - since)) * 60_000;
}

async function printBatch(ask, input) {
  const { createPrintBatch: { batch: { id, total } } } = await ask('mutation($input: CreatePrintBatchInput!) { createPrintBatch(input: $input) { batch { id total } userErrors { code } } }', { input: { ...input, idempotencyKey: randomUUID() } });
  for (const end = performance.now() + 300_000; ;) {
    const { takeLabels: { waybillIds, batch } } = await ask('mutation($id: ID!, $most: Int!) { takeLabels(batchId: $id, most: $most) { waybillIds document { base64 } batch { printed failed } } }', { id, most: AT_ONCE });
    if (waybillIds.length > 0) await ask('mutation($input: ReportPrintedInput!) { reportPrinted(input: $input) { batch { printed } } }', { input: { batchId: id, printed: waybillIds } });
    else if (batch.printed + batch.failed >= total) { if (batch.printed !== total) throw new Error(`${batch.failed} of ${total} labels failed`); return total; }
    else await sleep(200);
    if (performance.now() > end) throw new Error('Not all labels were printed');
  }
}
