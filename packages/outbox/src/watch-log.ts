import type { Database } from '@quanyu/database';
import { eventLag, eventsParked } from './metrics.js';
import type { Consumer } from './relay.js';

type Log = Pick<Database, 'name' | 'system'>;

// By the log and not by a relay's memory: it tells the truth also while no relay works.
const LAGS = `
  select (select extract(epoch from app_now() - o.time)::float8 from outbox o
          where (o.xid, o.id) > (coalesce(c.xid, '0'::xid8), coalesce(c.id, 0)) and o.type = any(w.types)
          order by o.xid, o.id limit 1) as seconds
  from (select $1::text as consumer, $2::text[] as types) w left join outbox_cursor c on c.consumer = w.consumer`;

/** Tells how far each consumer of a log is behind; answers the function that ends it. */
export function watchLag({ name, system }: Log, consumers: readonly Pick<Consumer, 'name' | 'types'>[]): () => void {
  const ends = consumers.map((consumer) => eventLag.watch({ subgraph: name, consumer: consumer.name }, async () => {
    const { rows: [row] } = await system.query<{ seconds: number | null }>(LAGS, [consumer.name, typeof consumer.types === 'function' ? await consumer.types() : consumer.types]);
    return Math.max(0, row?.seconds ?? 0);
  }));
  return () => { for (const end of ends) end(); };
}

/** Tells how many events a subgraph has put aside; answers the function that ends it. */
export function watchParked({ name, system }: Log): () => void {
  const ends = (['RETRYING', 'PARKED'] as const).map((state) => eventsParked.watch({ consumer: name, state }, async () => {
    const { rows: [row] } = await system.query<{ n: number }>('select count(*)::int as n from parked_event where state = $1', [state]);
    return row?.n ?? 0;
  }));
  return () => { for (const end of ends) end(); };
}
