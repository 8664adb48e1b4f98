import type { PulledOrder } from './connector.js';

/**
 * Reads a listing that shows the newest change first, by page numbers. An order that changes while we read leaves the
 * window, and all behind it move up: from the last page to the first some come twice, and none is skipped. Ids are
 * listed; each order is asked for in turn, at the pace of the line.
 */
export async function reversePage(page: string | null, reader: {
  /** How many pages the window has now. */
  count(): Promise<number>;
  idsOf(page: number): Promise<readonly string[]>;
  orderOf(id: string): Promise<PulledOrder | null>;
}): Promise<{ readonly orders: readonly PulledOrder[]; readonly next: string | null }> {
  if (page === null) {
    const pages = await reader.count();
    return { orders: [], next: pages === 0 ? null : String(pages) };
  }
  const orders: PulledOrder[] = [];
  for (const id of await reader.idsOf(Number(page))) {
    const order = await reader.orderOf(id);
    if (order !== null) orders.push(order);
  }
  return { orders, next: page === '1' ? null : String(Number(page) - 1) };
}
