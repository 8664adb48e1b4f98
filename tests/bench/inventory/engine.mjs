import { InProcessCalls, reserveStock } from '@quanyu/calls';
import { newId } from '@quanyu/ids';
import { inventory } from '@quanyu/inventory';
import { openTestSubgraph, TEST_TENANT as tenantId } from '@quanyu/testing';
import { configureLog } from '@quanyu/telemetry';

/** Inventory as the product runs it, on a database of its own, with stock to ask for. */
export async function openEngine() {
  // As `npm start` has it: at info each event leaves a line.
  configureLog({ level: 'warn' });
  const subgraph = await openTestSubgraph(inventory);
  const calls = new InProcessCalls();
  calls.add(subgraph.calls);
  const locationId = newId('loc');
  const { system } = subgraph.deps.database;
  await subgraph.deps.database.write(tenantId, 'bench', (em) => em.execute("insert into location (id, tenant_id, code, name) values (?, ?, 'main', 'main')", [locationId, tenantId]));
  const change = (changes) => subgraph.deps.database.write(tenantId, 'bench', (em) => em.execute('select change_stock(?, ?, ?::jsonb, null, null)', [newId('mov').slice(4, -6), tenantId, JSON.stringify(changes)]));

  /** New SKUs with so many units each; `spread` puts them into as many buckets. */
  async function stocked(count, onHand, spread = 0) {
    const skus = Array.from({ length: count }, () => newId('sku'));
    const buckets = spread === 0 ? ['MAIN'] : Array.from({ length: spread }, (_, n) => `S${n}`);
    for (let n = 0; n < count; n += 200) {
      await change(skus.slice(n, n + 200).flatMap((skuId) => buckets.map((bucket) => ({ skuId, locationId, bucket, reason: 'COUNT', onHand: { to: Math.ceil(onHand / buckets.length) } }))));
    }
    return skus;
  }

  /** What the tables say was held of these SKUs, counted in each of the ways that must agree; and the events of all holds. */
  async function held(skus) {
    const { rows: [row] } = await system.query(
      `select (select coalesce(sum(open), 0)::int from reservation_line where sku_id = any ($1)) as lines,
         (select coalesce(sum(reserved), 0)::int from stock_level where sku_id = any ($1)) as levels,
         (select coalesce(sum(m.reserved), 0)::int from stock_movement m join stock_level l on l.id = m.stock_level_id where l.sku_id = any ($1)) as movements,
         (select count(*)::int from reservation) as reservations,
         (select count(*)::int from outbox where type = 'inventory.stock-reserved.v1') as events,
         (select count(*)::int from stock_level where sku_id = any ($1) and reserved > on_hand) as oversold`, [skus]);
    return row;
  }

  return {
    tenantId, locationId, system, systemUrl: subgraph.systemUrl, stocked, held,
    ask: async ({ key, lines }) => (await calls.invoke(reserveStock, { tenantId, key, lines })).kind === 'held',
    close: () => subgraph.close(),
  };
}
