// One line of an entry: a debit is positive, a credit negative, and no line is empty.
import type { AccountCode } from './chart-of-accounts.js';

export interface Line { readonly account: AccountCode; readonly amountMinor: number }

export const debit = (account: AccountCode, amountMinor: number): Line => ({ account, amountMinor });

/** Plus zero: the negative of nothing is nothing, not -0. */
export const credit = (account: AccountCode, amountMinor: number): Line => ({ account, amountMinor: -amountMinor + 0 });

export const withoutEmpty = (lines: readonly Line[]): Line[] => lines.filter((line) => line.amountMinor !== 0);

/** What undoes an entry: the same accounts, the other side. */
export const reversed = (lines: readonly Line[]): Line[] => lines.map(({ account, amountMinor }) => credit(account, amountMinor));
