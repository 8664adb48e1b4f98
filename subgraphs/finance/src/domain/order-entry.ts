// A confirmed order: the channel owes its total; sales, freight and tax are earned, discounts given. What the channel's
// figures do not add up to is booked on a difference account: visible, never hidden in another one.
import { money, negate, subtract, sum } from '@quanyu/money';
import { credit, debit, withoutEmpty, type Line } from './line.js';

/** What an order is made of, in minor units: as the event `orders.order-confirmed` tells it. */
export interface OrderAmounts {
  readonly currency: string;
  readonly itemsMinor: number;
  readonly discountMinor: number;
  readonly shippingMinor: number;
  readonly taxMinor: number;
  /** The items' prices already hold the tax. */
  readonly taxesIncluded: boolean;
  readonly totalMinor: number;
}

/** The lines of an order's entry; none for an order that costs nothing. */
export function orderEntry(amounts: OrderAmounts): Line[] {
  const { currency, totalMinor } = amounts;
  if (totalMinor === 0) return [];
  const [items, tax] = [money(amounts.itemsMinor, currency), money(amounts.taxMinor, currency)];
  const lines = [
    debit('channel-receivable', totalMinor),
    debit('sales-discount', amounts.discountMinor),
    credit('sales', (amounts.taxesIncluded ? subtract(items, tax) : items).amountMinor),
    credit('freight-income', amounts.shippingMinor),
    credit('tax-payable', amounts.taxMinor),
  ];
  const difference = negate(sum(lines.map((line) => money(line.amountMinor, currency)), currency));
  return withoutEmpty([...lines, debit('channel-difference', difference.amountMinor)]);
}
