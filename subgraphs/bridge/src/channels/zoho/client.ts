import { money, toDecimal } from '@quanyu/money';
import { PlatformError } from '../../outbound/platform-error.js';
import { TAKES_FORM } from '../../domain/takers.js';
import type { Client, ClientContext, Connector, OrderPushed, OrderToPush, OrderToRecall, StockPage, StockSet, StockToSet } from '../connector.js';
import { ORDER_TO_COUNT } from '../asking/shares.js';
import { callZoho, renewZoho } from './api.js';

const PAGE = 200;

/** Zoho Inventory. Its stock is changed by adjustments, which are differences: what is set is compared with what stands there. */
export const zohoConnector: Connector = {
  fields: [
    { name: 'organizationId', secret: false, form: /^\d{4,20}$/ },
    { name: 'region', secret: false, standard: 'com', form: /^(com|eu|in|com\.au|jp|ca|sa)$/ },
    { name: 'clientId', secret: false, form: /^[\w.]{8,80}$/ },
    // The customer under whom orders of ours stand there.
    { name: 'customerId', secret: false, standard: '', form: /^\d{0,20}$/ },
    // Which of its figures is what there is to sell.
    { name: 'stockField', secret: false, standard: 'actual_available_stock', form: /^(stock_on_hand|available_stock|actual_available_stock)$/ },
    // Our location that follows its figures; nothing is read where there is none.
    { name: 'locationId', secret: false, standard: '', form: /^(loc_[0-9a-z]{26})?$/ },
    // Whose orders it is told as sales orders; that needs the customer.
    { name: 'takes', secret: false, standard: 'NONE', form: TAKES_FORM },
    // What its plan allows: pushes of stock make us read no more often than half of it.
    { name: 'callsADay', secret: false, standard: '2500', form: /^[1-9]\d{2,5}$/ },
    { name: 'clientSecret', secret: true, form: /^\w{8,80}$/ },
    { name: 'refreshToken', secret: true, form: /^[\w.]{8,200}$/ },
    { name: 'accessToken', secret: true, standard: '', form: /^[\w.]{0,200}$/ },
  ],
  capabilities: ['setStock', 'pushOrder', 'recallOrder', 'pullStock'],
  takesOrders: 'COUNT',
  shares: { ORDER: ORDER_TO_COUNT },
  stock: 'DELTA',
  rate: { burst: 50, perSecond: 100 / 60 },
  pull: null,
  renew: renewZoho,
  open: (context): Client => ({
    check: async () => {
      const { organization } = await callZoho(context, 'GET', `/organizations/${context.account.settings['organizationId']}`) as { organization?: { name?: string } };
      if (organization?.name === undefined) throw new PlatformError('ANSWER_INVALID');
      return { shopName: organization.name, apiVersion: 'v1' };
    },
    setStock: (levels) => setStock(context, levels),
    pushOrder: (order) => pushOrder(context, order),
    recallOrder: (order) => recallOrder(context, order),
    pullStock: (since, page) => pullStock(context, since, page),
  }),
};

type Figures = Readonly<Record<'stock_on_hand' | 'available_stock' | 'actual_available_stock', string | undefined>>;
interface Item extends Figures { readonly item_id: string; readonly sku?: string; readonly last_modified_time?: string }

async function itemOf(context: ClientContext, sku: string): Promise<Item | null> {
  const { items = [] } = await callZoho(context, 'GET', '/items', { query: { sku, per_page: '10' } }) as { items?: readonly Item[] };
  return items.find((item) => item.sku === sku) ?? null;
}

async function setStock(context: ClientContext, levels: readonly StockToSet[]): Promise<readonly StockSet[]> {
  const found = [];
  for (const level of levels) found.push({ level, item: await itemOf(context, level.externalSku) });
  const results = found.map(({ level, item }) => {
    if (item === null) return { level, item, change: 0, result: 'UNKNOWN_SKU' as const };
    const shown = Number(item.stock_on_hand ?? '0');
    if (level.expected !== null && shown !== level.expected) return { level, item, change: 0, result: 'CHANGED_MEANWHILE' as const };
    return { level, item, change: level.quantity - shown, result: 'SET' as const };
  });
  const changes = results.flatMap(({ item, change }) => (item === null || change === 0 ? [] : [{ item_id: item.item_id, quantity_adjusted: change }]));
  // A difference is not sent again when its answer got lost: the next try compares anew.
  if (changes.length > 0) await callZoho(context, 'POST', '/inventoryadjustments', { json: { date: context.now().toISOString().slice(0, 10), reason: 'Stock of the channels', adjustment_type: 'quantity', line_items: changes } });
  return results.map(({ level, result }) => ({ externalSku: level.externalSku, result }));
}

interface SalesOrder { readonly salesorder_id: string; readonly reference_number?: string; readonly status?: string }

async function salesOrderOf(context: ClientContext, sourceId: string): Promise<SalesOrder | undefined> {
  const { salesorders = [] } = await callZoho(context, 'GET', '/salesorders', { query: { reference_number: sourceId } }) as { salesorders?: readonly SalesOrder[] };
  return salesorders.find((one) => one.reference_number === sourceId);
}

async function recallOrder(context: ClientContext, { sourceId }: OrderToRecall): Promise<'RECALLED' | 'TOO_LATE'> {
  const known = await salesOrderOf(context, sourceId);
  if (known === undefined || known.status === 'void') return 'RECALLED';
  if (known.status === 'fulfilled' || known.status === 'closed') return 'TOO_LATE';
  await callZoho(context, 'POST', `/salesorders/${encodeURIComponent(known.salesorder_id)}/status/void`, { repeatable: true });
  return 'RECALLED';
}

async function pushOrder(context: ClientContext, order: OrderToPush): Promise<OrderPushed> {
  const known = await salesOrderOf(context, order.sourceId);
  if (known !== undefined) return { externalOrderId: known.salesorder_id, result: 'ALREADY_THERE' };
  const amount = (minor: number): number => Number(toDecimal(money(minor, order.currency)));
  const lines = [];
  for (const line of order.lines) {
    const item = await itemOf(context, line.externalSku);
    if (item === null) throw new PlatformError('REQUEST_REFUSED', { platformCode: 'ITEM_UNKNOWN' });
    lines.push({ item_id: item.item_id, name: line.title, rate: amount(line.unitPriceMinor), quantity: line.quantity });
  }
  const { salesorder } = await callZoho(context, 'POST', '/salesorders', { json: {
    customer_id: context.account.settings['customerId'], reference_number: order.sourceId, date: order.placedAt.toISOString().slice(0, 10), line_items: lines,
    discount: amount(order.discountMinor), discount_type: 'entity_level', shipping_charge: amount(order.shippingMinor), notes: `${order.platform}:${order.externalOrderId}`,
  } }) as { salesorder?: SalesOrder };
  if (salesorder === undefined) throw new PlatformError('ANSWER_INVALID');
  return { externalOrderId: salesorder.salesorder_id, result: 'WRITTEN' };
}

/**
 * Oldest change first, each page from the second in which the one before ended: by page numbers alone an item that changes
 * meanwhile would move to the end, and the first of the next page be skipped.
 */
async function pullStock(context: ClientContext, since: Date | null, page: string | null): Promise<StockPage> {
  const field = (context.account.settings['stockField'] ?? 'actual_available_stock') as keyof Figures;
  const [from, number] = page === null ? [since === null ? '' : zohoTime(since), 1] : [page.split('|')[0]!, Number(page.split('|')[1])];
  const { items = [] } = await callZoho(context, 'GET', '/items', {
    query: { page: String(number), per_page: String(PAGE), sort_column: 'last_modified_time', sort_order: 'A', ...(from !== '' && { last_modified_time: from }) },
  }) as { items?: readonly Item[] };
  const levels = items.flatMap((item) => levelOf(item, field));
  if (items.length < PAGE) return { levels, next: null };
  const last = changeOf(items.at(-1)!);
  return { levels, next: last === null || zohoTime(last) === from ? `${from}|${number + 1}` : `${zohoTime(last)}|1` };
}

const zohoTime = (at: Date): string => at.toISOString().replace(/\.\d+Z$/, '+0000');

function changeOf({ last_modified_time: text = '' }: Item): Date | null {
  const at = new Date(text.replace(/([+-]\d{2})(\d{2})$/, '$1:$2'));
  return Number.isNaN(at.getTime()) ? null : at;
}

/** Figures come as decimals, and below nothing where more was sold than there is. */
function levelOf(item: Item, field: keyof Figures): { externalSku: string; quantity: number; changedAt: Date }[] {
  const changedAt = changeOf(item);
  const figure = item[field];
  return !item.sku || figure === undefined || changedAt === null ? [] : [{ externalSku: item.sku, quantity: Math.max(0, Math.floor(Number(figure))), changedAt }];
}
