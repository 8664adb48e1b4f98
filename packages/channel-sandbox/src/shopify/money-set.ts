import { toText } from '../amounts.js';

/** A `*_set` pair: the amount in the shop's money and in the money the buyer saw. */
export interface MoneySet {
  readonly shop_money: { readonly amount: string; readonly currency_code: string };
  readonly presentment_money: { readonly amount: string; readonly currency_code: string };
}

/** Makes the `*_set` pair of an amount; the buyer saw the shop's currency. */
export function moneySet(minor: number, currency: string): MoneySet {
  const amount = toText(minor, currency);
  return { shop_money: { amount, currency_code: currency }, presentment_money: { amount, currency_code: currency } };
}
