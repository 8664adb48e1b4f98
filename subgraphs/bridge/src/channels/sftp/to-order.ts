import { isCurrency, type CurrencyCode } from '@quanyu/money';
import { z } from 'zod';
import type { OrderContext, ToldOrder, Translated } from '../channel.js';
import { amountIn, count, id, linesOf, words } from '../reading/order-fields.js';
import { firstOf, regionOf, sealedCustomer, sealedParcel } from '../reading/order-people.js';
import { countable, itemsOf, plausible, sumOf } from '../reading/order-sums.js';
import { wishesOf } from '../reading/order-wishes.js';
import { notAnOrder, paymentStateOf, shortened } from '../reading/order-words.js';
import { instantIn } from './instants.js';

/** What a file's order means for money. A file without the word tells orders that are to be sent. */
const STATES = { paid: 'PAID', pending: 'PENDING', cancelled: 'VOIDED', refunded: 'REFUNDED' } as const;
const ENDED: readonly string[] = ['cancelled', 'refunded'];
const YES: readonly string[] = ['1', 'true', 'yes', 'y', '是'];
const NO: readonly string[] = ['0', 'false', 'no', 'n', '否'];

/** What `pullOrders` makes of an order in a file, or of a line that is none. */
const body = z.object({
  file: z.string(), line: count, changedAt: z.iso.datetime(), offset: z.string(), fault: z.string().optional(),
  order: z.record(z.string(), z.string()).optional(), lines: z.array(z.record(z.string(), z.union([z.string(), z.number()]))).optional(),
});

const orderIn = (currency: CurrencyCode, offset: string) => {
  const amount = amountIn(currency);
  const instant = words.transform((text, context) => {
    const at = instantIn(text, offset);
    if (at !== null) return at;
    context.addIssue({ code: 'custom', message: 'no instant' });
    return z.NEVER;
  });
  return z.object({
    order_id: id, order_number: id.optional(), status: z.string().toLowerCase().pipe(z.enum(Object.keys(STATES))).optional(), placed_at: instant.optional(), updated_at: instant.optional(),
    shipping: amount.optional(), discount: amount.optional(), tax: amount.optional(), total: amount.optional(),
    tax_included: z.string().toLowerCase().refine((word) => YES.includes(word) || NO.includes(word)).optional(),
    buyer_id: id.optional(), ...Object.fromEntries(WORDS.map((name) => [name, words.optional()])) as Record<(typeof WORDS)[number], z.ZodOptional<typeof words>>,
    lines: linesOf(z.object({ row: count, line_id: id.optional(), sku: words.pipe(z.string().min(1)), title: words.optional(), quantity: count.refine((units) => units > 0), unit_price: amount, line_discount: amount.optional() })),
  });
};
/** Made once each: a file has thousands of orders. */
const made = new Map<string, ReturnType<typeof orderIn>>();
function schemaOf(currency: CurrencyCode, offset: string): ReturnType<typeof orderIn> {
  const schema = made.get(`${currency} ${offset}`) ?? orderIn(currency, offset);
  made.set(`${currency} ${offset}`, schema);
  return schema;
}
const WORDS = ['buyer_name', 'buyer_phone', 'buyer_email', 'name', 'phone', 'address1', 'address2', 'city', 'province', 'postal_code', 'country', 'shipping_method', 'buyer_note', 'gift_note', 'instructions', 'seller_note'] as const;

/** Makes our order of one in a partner's file; a refusal says the file, the line and the column. Pure. */
export function toOrder(told: unknown, { privacy }: OrderContext): Translated {
  const read = body.safeParse(told);
  if (!read.success) return notAnOrder('body');
  const { file, line, fault, order: texts = {}, lines: rows = [], changedAt, offset } = read.data;
  const wrong = (column: string, at = line): Translated => notAnOrder(`${file}:${at} ${column}`);
  if (fault !== undefined) return wrong(fault);
  const currency = (texts['currency'] ?? '').toUpperCase();
  if (!isCurrency(currency)) return wrong('currency');
  const checked = schemaOf(currency, offset).safeParse({ ...texts, lines: rows });
  if (!checked.success) {
    const [column, at, cell] = checked.error.issues[0]!.path;
    return column === 'lines' ? wrong(String(cell ?? 'lines'), Number(rows[Number(at)]?.['row'] ?? line)) : wrong(String(column));
  }
  const order = checked.data;
  const updatedAt = order.updated_at ?? new Date(changedAt);
  const lines: ToldOrder['lines'] = order.lines.map((one, at) => ({
    externalLineId: one.line_id ?? `${at + 1}`, externalSku: shortened(one.sku), title: shortened(one.title ?? ''), quantity: one.quantity, unitPriceMinor: one.unit_price, discountMinor: one.line_discount ?? 0,
  }));
  if (new Set(lines.map(({ externalLineId }) => externalLineId)).size < lines.length) return wrong('line_id');
  const amounts = countable(() => amountsOf(order, lines, currency));
  if (amounts === null) return wrong('unit_price');
  if (typeof amounts === 'string') return wrong(amounts);
  const status = order.status ?? 'paid';
  const region = regionOf(order.country);
  return { kind: 'order', data: {
    externalOrderId: order.order_id, orderNumber: order.order_number ?? order.order_id, placedAt: (order.placed_at ?? updatedAt).toISOString(), updatedAt: updatedAt.toISOString(),
    paymentState: paymentStateOf(STATES, status), cancelledAt: ENDED.includes(status) ? updatedAt.toISOString() : null, rawStatus: status, lines, amounts,
    customer: sealedCustomer({ id: order.buyer_id, name: firstOf(order.buyer_name), phone: firstOf(order.buyer_phone), email: firstOf(order.buyer_email) }, region, privacy),
    sealedShipTo: sealedParcel({
      name: firstOf(order.name), phone: firstOf(order.phone), address1: firstOf(order.address1), address2: firstOf(order.address2),
      city: firstOf(order.city), province: firstOf(order.province), postalCode: firstOf(order.postal_code), countryCode: region,
    }, region, order.order_id, privacy),
    ...wishesOf({ shippingMethod: order.shipping_method, buyer: order.buyer_note, gift: order.gift_note, instructions: order.instructions, seller: order.seller_note }, order.order_id, privacy),
  } };
}

interface Sums { readonly discount?: number | undefined; readonly shipping?: number | undefined; readonly tax?: number | undefined; readonly total?: number | undefined; readonly tax_included?: string | undefined }

/** Amounts that add up, or the column that does not fit: nothing is made up. @throws MoneyError for more than an order can come to */
function amountsOf({ discount, shipping = 0, tax = 0, total, tax_included: included = 'yes' }: Sums, lines: ToldOrder['lines'], currency: CurrencyCode): ToldOrder['amounts'] | 'discount' | 'total' {
  const itemsMinor = itemsOf(lines, currency);
  const taxesIncluded = YES.includes(included);
  const before = sumOf([itemsMinor, shipping, taxesIncluded ? 0 : tax], currency);
  const offLines = sumOf(lines.map(({ discountMinor }) => discountMinor), currency);
  // What is missing is the difference: a file that tells the total and nothing off tells it so.
  const discountMinor = discount ?? (offLines === 0 && total !== undefined ? before - total : offLines);
  if (discountMinor < offLines || discountMinor > before) return discount === undefined ? 'total' : 'discount';
  const totalMinor = plausible({ amountMinor: before - discountMinor, currency });
  if (total !== undefined && total !== totalMinor) return 'total';
  return { currency, itemsMinor, discountMinor, shippingMinor: shipping, taxMinor: tax, taxesIncluded, totalMinor };
}
