// What can still be promised: what is there, less what is promised already; never shown below zero.

export interface Stock { readonly onHand: number; readonly reserved: number }

export const available = (stock: Stock): number => Math.max(0, stock.onHand - stock.reserved);
