import { toMinor, toText } from '../amounts.js';
import { shopifyOrder, type ShopifyOrderBody } from './order-body.js';

interface MoneyInput { readonly shopMoney: { readonly amount: string; readonly currencyCode: string } }
interface Address { readonly lastName?: string | null; readonly firstName?: string | null; readonly phone?: string | null; readonly address1?: string | null; readonly address2?: string | null; readonly city?: string | null; readonly province?: string | null; readonly zip?: string | null; readonly countryCode?: string | null }
export interface OrderInput {
  readonly currency: string; readonly name?: string; readonly processedAt?: string; readonly sourceIdentifier?: string; readonly sourceName?: string; readonly financialStatus?: string; readonly taxesIncluded?: boolean;
  readonly lineItems: readonly { readonly sku?: string; readonly title: string; readonly quantity: number; readonly priceSet: MoneyInput }[];
  readonly shippingLines?: readonly { readonly title: string; readonly priceSet: MoneyInput }[];
  readonly discountCode?: { readonly itemFixedDiscountCode: { readonly code: string; readonly amountSet: MoneyInput } };
  readonly shippingAddress?: Address;
}

/** The order that `orderCreate` makes, with amounts that add up as the shop adds them. */
export function orderOf(input: OrderInput, id: number, now: Date): ShopifyOrderBody {
  const { currency, shippingAddress: to } = input;
  let off = toMinor(input.discountCode?.itemFixedDiscountCode.amountSet.shopMoney.amount ?? '0', currency);
  const lines = input.lineItems.map((line) => {
    const price = toText(toMinor(line.priceSet.shopMoney.amount, currency), currency);
    const discount = Math.min(off, toMinor(price, currency) * line.quantity);
    off -= discount;
    return { sku: line.sku ?? null, variantId: null, productId: null, title: line.title, quantity: line.quantity, price, discount: toText(discount, currency) };
  });
  const [shipping] = input.shippingLines ?? [];
  return shopifyOrder({
    id, currency, createdAt: input.processedAt ?? now.toISOString(), updatedAt: now.toISOString(), financialStatus: input.financialStatus === 'PAID' ? 'paid' : 'pending', taxesIncluded: input.taxesIncluded ?? false, lines,
    ...(input.name !== undefined && { name: input.name }), sourceIdentifier: input.sourceIdentifier ?? null, sourceName: input.sourceName ?? 'web',
    ...(shipping !== undefined && { shipping: { title: shipping.title, price: toText(toMinor(shipping.priceSet.shopMoney.amount, currency), currency) } }),
    ...(input.discountCode !== undefined && { discountCode: input.discountCode.itemFixedDiscountCode.code }),
    shippingAddress: to ? { firstName: to.firstName ?? null, lastName: to.lastName ?? null, phone: to.phone ?? null, address1: to.address1 ?? '', address2: to.address2 ?? null, city: to.city ?? '', province: to.province ?? null, provinceCode: null, country: to.countryCode ?? '', countryCode: to.countryCode ?? '', zip: to.zip ?? null } : null,
  });
}

export interface ProductInput {
  readonly id?: string; readonly handle?: string; readonly title?: string; readonly vendor?: string; readonly status?: string;
  readonly productOptions?: readonly { readonly name: string; readonly values: readonly { readonly name: string }[] }[];
  readonly variants?: readonly { readonly id?: string; readonly sku?: string; readonly price?: string; readonly barcode?: string; readonly optionValues: readonly { readonly optionName: string; readonly name: string }[] }[];
}
export interface ShopVariant { readonly id: number; readonly sku: string | null; readonly price: string }
export interface ShopProduct { readonly id: number; readonly handle: string; readonly title: string; readonly status: string; readonly variants: readonly ShopVariant[] }

/** What `productSet` refuses: choices that name no option, or that two variants share. */
export function faultOf({ productOptions = [], variants = [] }: ProductInput): string | null {
  if (variants.length === 0 || variants.length > 100) return 'VARIANTS_OUT_OF_RANGE';
  const seen = new Set<string>();
  for (const { optionValues } of variants) {
    if (optionValues.length !== productOptions.length) return 'OPTION_VALUES_MISMATCH';
    if (optionValues.some(({ optionName, name }) => productOptions.find((option) => option.name === optionName)?.values.some((value) => value.name === name) !== true)) return 'OPTION_DOES_NOT_EXIST';
    const choice = JSON.stringify(optionValues);
    if (seen.has(choice)) return 'DUPLICATED_OPTION_VALUE';
    seen.add(choice);
  }
  return null;
}
