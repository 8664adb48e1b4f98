// Who waits longest goes first, but nobody's crowd keeps others out: when more wait than fit, tenants and their stocks
// get equal shares, and what a share leaves over goes by arrival again.

export interface Waiting { readonly tenantId: string; /** What it waits for: tenant, bucket and first SKU in one word. */ readonly stock: string }

/** Splits a queue in the order of arrival into those whose turn it is, at most `most`, and the rest; both keep their order. */
export function takeTurns<Item extends Waiting>(queue: readonly Item[], most: number): { readonly turn: Item[]; readonly rest: Item[] } {
  if (queue.length <= most) return { turn: [...queue], rest: [] };
  const tenants = counts(queue, ({ tenantId }) => tenantId);
  const stocks = counts(queue, ({ stock }) => stock);
  const perTenant = Math.ceil(most / tenants.size);
  const perStock = Math.ceil(most / stocks.size);
  const chosen = new Uint8Array(queue.length);
  let left = most;
  // Small shares first; what they do not need is handed out by tenant, and then by arrival alone.
  for (const fits of [
    ({ tenantId, stock }: Waiting) => stocks.used(stock) < perStock && tenants.used(tenantId) < perTenant,
    ({ tenantId }: Waiting) => tenants.used(tenantId) < perTenant,
    () => true,
  ]) {
    for (let n = 0; n < queue.length && left > 0; n += 1) {
      const item = queue[n]!;
      if (chosen[n] === 1 || !fits(item)) continue;
      chosen[n] = 1;
      left -= 1;
      tenants.use(item.tenantId);
      stocks.use(item.stock);
    }
  }
  return { turn: queue.filter((_, n) => chosen[n] === 1), rest: queue.filter((_, n) => chosen[n] === 0) };
}

function counts<Item>(items: readonly Item[], keyOf: (item: Item) => string): { readonly size: number; used(key: string): number; use(key: string): void } {
  const used = new Map(items.map((item) => [keyOf(item), 0]));
  return { size: used.size, used: (key) => used.get(key)!, use: (key) => { used.set(key, used.get(key)! + 1); } };
}
