import { shopifyOrder, type ShopifyOrderBody } from './order-body.js';
import type { ShopifyAddressInput, ShopifyCustomerInput, ShopifyLineInput, ShopifyOrderInput } from './order-input.js';

const tee: ShopifyLineInput = {
  sku: 'QY-TEE-BLK-M', variantId: 41_000_000_000_001, productId: 8_100_000_000_001,
  title: '全域纯棉T恤', variantTitle: '黑色 / M', quantity: 2, price: '129.00', grams: 220,
};
const mug: ShopifyLineInput = {
  sku: 'QY-MUG-WHT', variantId: 41_000_000_000_011, productId: 8_100_000_000_011,
  title: '全域马克杯', variantTitle: '白色', quantity: 1, price: '59.90', grams: 380,
};
const tea: ShopifyLineInput = {
  sku: 'QY-TEA-250', variantId: 41_000_000_000_021, productId: 8_100_000_000_021,
  title: '样品绿茶 250 克', quantity: 3, price: '88.00', grams: 260,
};

const buyerCn: ShopifyCustomerInput = {
  id: 6_200_000_000_001, firstName: '测试', lastName: '甲', email: 'buyer-one@example.com', phone: '+8613000000001', tags: ['样品'],
};
const addressCn: ShopifyAddressInput = {
  firstName: '测试', lastName: '甲', address1: '样品路 1 号 0 室', address2: '', city: '上海市', province: 'Shanghai', provinceCode: 'SH',
  country: 'China', countryCode: 'CN', zip: '200000', phone: '13000000001',
};
const buyerUs: ShopifyCustomerInput = {
  id: 6_200_000_000_002, firstName: 'Sample', lastName: 'Buyer', email: 'buyer-two@example.com', phone: '+12025550123',
};
const addressUs: ShopifyAddressInput = {
  firstName: 'Sample', lastName: 'Buyer', address1: '1 Nowhere Lane', address2: 'Unit 0', city: 'Faketown', province: 'California',
  provinceCode: 'CA', country: 'United States', countryCode: 'US', zip: '90000', phone: '202-555-0123',
};
const post = { title: '普通快递', price: '12.00' };
const salesTax = { title: 'Fake State Tax', rateBasisPoints: 725 };
const vat = { title: '增值税', rateBasisPoints: 1300 };

const paidCny: ShopifyOrderInput = {
  id: 7_000_000_000_001, createdAt: '2026-11-20T10:15:30+08:00', updatedAt: '2026-11-20T10:15:31+08:00',
  financialStatus: 'paid', currency: 'CNY', gateways: ['alipay_sandbox'],
  lines: [{ ...tee, discount: '20.00' }, mug], discountCode: 'SAMPLE20', shipping: post,
  customer: buyerCn, shippingAddress: addressCn, note: '请放前台（样品）',
};
const paidUsd: ShopifyOrderInput = {
  id: 7_000_000_000_002, createdAt: '2026-11-19T21:40:05-08:00', updatedAt: '2026-11-19T21:40:07-08:00',
  financialStatus: 'paid', currency: 'USD', locale: 'en-US',
  lines: [
    { ...tee, title: 'Quanyu Cotton Tee', variantTitle: 'Black / M', price: '24.50', tax: salesTax },
    { ...mug, title: 'Quanyu Mug', variantTitle: 'White', price: '12.99', discount: '3.00', tax: salesTax },
  ],
  discountCode: 'SAMPLE3', shipping: { title: 'Standard', price: '7.95', tax: salesTax },
  customer: buyerUs, shippingAddress: addressUs, noteAttributes: { gift: 'no' },
};
const pending: ShopifyOrderInput = {
  id: 7_000_000_000_003, createdAt: '2026-11-20T11:00:00+08:00', financialStatus: 'pending', currency: 'CNY', gateways: ['manual'],
  lines: [{ ...tee, quantity: 1 }, tea], shipping: post, customer: buyerCn, shippingAddress: addressCn,
};
const cancelledAt = '2026-11-20T12:30:00+08:00';

const INPUTS = {
  'orders-create-paid-cny': paidCny,
  'orders-create-paid-usd': paidUsd,
  // These five tell the life of one order: send `pending` first, then what should become of it.
  'orders-create-pending': pending,
  'orders-paid': { ...pending, financialStatus: 'paid', updatedAt: '2026-11-20T11:06:20+08:00' },
  'orders-updated': {
    ...pending, financialStatus: 'paid', updatedAt: '2026-11-20T11:20:45+08:00', note: '改约下午送（样品）', tags: ['样品', 'afternoon'],
  },
  'orders-updated-voided': { ...pending, financialStatus: 'voided', updatedAt: '2026-11-20T12:10:00+08:00' },
  'orders-cancelled': {
    ...pending, financialStatus: 'voided', updatedAt: cancelledAt, cancelled: { at: cancelledAt, reason: 'customer' },
  },
  'orders-create-no-customer': {
    ...paidCny, id: 7_000_000_000_004, lines: [mug], discountCode: undefined, shipping: undefined,
    customer: null, shippingAddress: null, note: null, sourceName: 'pos',
  },
  'orders-create-total-zero': {
    ...paidCny, id: 7_000_000_000_005, lines: [{ ...mug, discount: '59.90' }], discountCode: 'SAMPLEFREE',
    shipping: { title: '免运费', price: '0.00' }, gateways: [],
  },
  'orders-create-empty-sku': {
    ...paidCny, id: 7_000_000_000_006, lines: [mug, { ...tea, sku: '', quantity: 1 }], discountCode: undefined,
  },
  'orders-create-taxes-included': {
    ...paidCny, id: 7_000_000_000_007, taxesIncluded: true,
    lines: [{ ...tee, tax: vat, discount: '20.00' }, { ...tea, tax: vat }], shipping: { ...post, tax: vat },
  },
} satisfies Record<string, ShopifyOrderInput>;

/** The names of the committed bodies, which are the files of `fixtures/shopify` without `.json`. */
export type ShopifyFixture = keyof typeof INPUTS;
export const SHOPIFY_FIXTURES = Object.keys(INPUTS) as ShopifyFixture[];

/** Builds a committed body anew, with changes if wanted: `shopifyFixture('orders-create-pending', { id: 7 })`. */
export function shopifyFixture(name: ShopifyFixture, changes: Partial<ShopifyOrderInput> = {}): ShopifyOrderBody {
  return shopifyOrder({ ...INPUTS[name], ...changes });
}
