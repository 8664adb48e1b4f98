import type { EntityManager } from '@mikro-orm/postgresql';
import { beforeCommit } from '@quanyu/database';
import { orderFiguresChanged } from '@quanyu/events';
import { record } from '@quanyu/outbox';
import { DEFAULT_TIME_ZONE, dayIn } from '../../domain/business-day.js';
import { addFigures, NO_FIGURES, type Figures } from '../../domain/figures.js';

export interface FigureChange {
  readonly tenantId: string;
  readonly connectionId: string;
  /** Null: that of the order, which the event does not tell. */
  readonly currency: string | null;
  readonly orderId: string;
  /** When the order was confirmed: its day is the day of all its figures. */
  readonly confirmedAt: Date;
  readonly add: Partial<Figures>;
}

interface Kept { readonly tenantId: string; readonly connectionId: string; readonly day: string; readonly currency: string; sum: Figures }
interface Pending { readonly rows: Map<string, Kept>; readonly zones: Map<string, string> }
const pending = new WeakMap<EntityManager, Pending>();

/** Adds to the figures of a channel's day. All of a transaction go into one statement, in one order, so that two batches never wait for each other in a circle. */
export async function keepFigures(em: EntityManager, change: FigureChange): Promise<void> {
  const { tenantId, connectionId } = change;
  const kept = pending.get(em) ?? begin(em);
  const currency = change.currency ?? await currencyOf(em, change.orderId);
  if (currency === null) return;
  const day = dayIn(await zoneOf(em, kept, tenantId), change.confirmedAt);
  const key = [tenantId, connectionId, day, currency].join('/');
  const row = kept.rows.get(key);
  if (row !== undefined) {
    row.sum = addFigures(row.sum, change.add);
    return;
  }
  kept.rows.set(key, { tenantId, connectionId, day, currency, sum: addFigures(NO_FIGURES, change.add) });
  record(em, orderFiguresChanged({ tenantId, sequence: Date.now(), data: { connectionId, day, currency } }));
}

function begin(em: EntityManager): Pending {
  const made: Pending = { rows: new Map(), zones: new Map() };
  pending.set(em, made);
  beforeCommit(em, () => write(em, made));
  return made;
}

async function zoneOf(em: EntityManager, { zones }: Pending, tenantId: string): Promise<string> {
  let zone = zones.get(tenantId);
  if (zone === undefined) {
    const [row] = await em.execute<{ zone: string }[]>('select time_zone as zone from tenant_setting where tenant_id = ?', [tenantId]);
    zone = row?.zone ?? DEFAULT_TIME_ZONE;
    zones.set(tenantId, zone);
  }
  return zone;
}

async function currencyOf(em: EntityManager, orderId: string): Promise<string | null> {
  const [row] = await em.execute<{ currency: string }[]>('select currency from sales_order where id = ?', [orderId]);
  return row?.currency ?? null;
}

async function write(em: EntityManager, { rows }: Pending): Promise<void> {
  // Of an order that nobody has heard of nothing is counted.
  if (rows.size === 0) return;
  const sorted = [...rows.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
  await em.execute(
    `insert into order_figure (tenant_id, connection_id, day, currency, orders, gmv_minor, cancelled, refunded_minor, returned, shipped, shipped_on_time)
     values ${sorted.map(() => '(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)').join(', ')}
     on conflict (tenant_id, connection_id, day, currency) do update set
       orders = order_figure.orders + excluded.orders, gmv_minor = order_figure.gmv_minor + excluded.gmv_minor, cancelled = order_figure.cancelled + excluded.cancelled,
       refunded_minor = order_figure.refunded_minor + excluded.refunded_minor, returned = order_figure.returned + excluded.returned,
       shipped = order_figure.shipped + excluded.shipped, shipped_on_time = order_figure.shipped_on_time + excluded.shipped_on_time`,
    sorted.flatMap(({ tenantId, connectionId, day, currency, sum }) => [
      tenantId, connectionId, day, currency, sum.orders, sum.gmvMinor, sum.cancelled, sum.refundedMinor, sum.returned, sum.shipped, sum.shippedOnTime,
    ]));
}
