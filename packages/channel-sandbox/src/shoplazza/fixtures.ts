import { shoplazzaOrder, type ShoplazzaOrderBody } from './order-body.js';
import type { ShoplazzaOrderInput } from './order-input.js';

const tee = { sku: 'QY-TEE-BLK-M', variantId: 'fake-variant-tee', productId: 'fake-product-tee', title: '全域纯棉T恤', variantTitle: '黑色 / M', quantity: 1, price: '129.00' };
const mug = { sku: 'QY-MUG-WHT', variantId: 'fake-variant-mug', productId: 'fake-product-mug', title: '全域马克杯', variantTitle: '白色', quantity: 2, price: '59.00' };

const paidCny: ShoplazzaOrderInput = {
  id: '18999999999000000001', createdAt: '2026-11-20T10:14:20+08:00', placedAt: '2026-11-20T10:15:30+08:00', updatedAt: '2026-11-20T10:15:31+08:00',
  financialStatus: 'paid', currency: 'CNY', lines: [tee, { ...mug, discount: '8.00' }], discountCode: 'SAMPLE8', shipping: '10.00',
  customer: { id: '18999999999100000001', firstName: '测试', lastName: '乙', email: 'buyer-three@example.com', phone: '+8613000000003' },
  shippingAddress: {
    firstName: '测试', lastName: '乙', address: '样品路 3 号', address1: '0 室', area: '样品区', city: '上海市', province: 'Shanghai', provinceCode: 'SH',
    country: 'China', countryCode: 'CN', zip: '200000', phone: '13000000003', email: 'buyer-three@example.com',
  },
};

const INPUTS = {
  'orders-create-paid-cny': paidCny,
  'orders-update-partially-refunded-usd': {
    id: '18999999999000000002', createdAt: '2026-11-19T21:40:05-08:00', updatedAt: '2026-11-19T23:10:00-08:00', status: 'finished',
    financialStatus: 'partially_refunded', fulfillmentStatus: 'finished', currency: 'USD', taxIncluded: true, taxBasisPoints: 725, shipping: '7.95',
    lines: [{ ...tee, title: 'Quanyu Cotton Tee', variantTitle: 'Black / M', price: '24.50' }],
    customer: { id: '18999999999100000002', firstName: 'Sample', lastName: 'Buyer', email: 'buyer-four@example.com', phone: '+12025550123' },
    shippingAddress: {
      firstName: 'Sample', lastName: 'Buyer', address: '1 Nowhere Lane', address1: 'Unit 0', city: 'Faketown', province: 'California', provinceCode: 'CA',
      country: 'United States', countryCode: 'US', zip: '90000', phone: '202-555-0123',
    },
  },
  // The first order, after it.
  'orders-cancelled': {
    ...paidCny, financialStatus: 'refunding', fulfillmentStatus: 'cancelled', updatedAt: '2026-11-20T12:30:00+08:00',
    cancelled: { at: '2026-11-20T12:30:00+08:00', reason: 'customer' },
  },
} satisfies Record<string, ShoplazzaOrderInput>;

/** The names of the committed bodies, which are the files of `fixtures/shoplazza` without `.json`. */
export type ShoplazzaFixture = keyof typeof INPUTS;
export const SHOPLAZZA_FIXTURES = Object.keys(INPUTS) as ShoplazzaFixture[];

/** Builds a committed body anew, with changes if wanted. */
export const shoplazzaFixture = (name: ShoplazzaFixture, changes: Partial<ShoplazzaOrderInput> = {}): ShoplazzaOrderBody => shoplazzaOrder({ ...INPUTS[name], ...changes });
