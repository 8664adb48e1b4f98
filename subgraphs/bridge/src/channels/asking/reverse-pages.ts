import type { OrderPage, PulledOrder } from '../connector.js';

/**
 * Reads a listing that shows the newest change first, by page numbers. An order that changes while we read leaves the
 * window, and all behind it move up: from the last page to the first some come twice, and none is skipped.
 */
export async function reversePage(page: string | null, reader: {
  /** How many pages the window has now. */
  count(): Promise<number>;
  ordersOf(page: number): Promise<readonly PulledOrder[]>;
}): Promise<OrderPage> {
  if (page === null) {
    const pages = await reader.count();
    return { orders: [], next: pages === 0 ? null : String(pages) };
  }
  return { orders: await reader.ordersOf(Number(page)), next: page === '1' ? null : String(Number(page) - 1) };
}

/** Asks for each order of a list of ids in turn: the line keeps the pace. Those that are gone are left out. */
export async function ordersByIds(ids: readonly string[], orderOf: (id: string) => Promise<PulledOrder | null>): Promise<readonly PulledOrder[]> {
  const orders: PulledOrder[] = [];
  for (const id of ids) {
    const order = await orderOf(id);
    if (order !== null) orders.push(order);
  }
  return orders;
}
