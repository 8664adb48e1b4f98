import type { Database } from '@quanyu/database';
import type { Figure } from '../domain/stock-telling.js';
import type { StreamRef } from './due-streams.js';

export interface DueFigure extends Figure { readonly sequence: number }

interface Row { sku_id: string; quantity: number; sequence: string; told_quantity: number | null; attempts: number; names: string[] | null; codes: string[] | null }

const BATCH = 50;

/** The next figures that a channel is to be told, with its names for them. */
export async function dueFigures(database: Database, { tenantId, connectionId }: StreamRef): Promise<DueFigure[]> {
  const rows = await database.read(tenantId, (em) => em.execute<Row[]>(
    `select p.sku_id, p.quantity, p.sequence, p.told_quantity, p.attempts,
       array_agg(n.name order by n.name) filter (where n.connection_id = p.connection_id) as names, array_agg(n.name order by n.name) filter (where n.connection_id = '') as codes
     from (select * from stock_push where connection_id = ? and state <> 'DONE' and next_at <= app_now() order by next_at, sku_id limit ${BATCH}) p
     left join sku_name n on n.tenant_id = ? and n.sku_id = p.sku_id and n.connection_id in (p.connection_id, '')
     group by p.sku_id, p.quantity, p.sequence, p.told_quantity, p.attempts, p.next_at order by p.next_at, p.sku_id`, [connectionId, tenantId]));
  return rows.map(({ sku_id: skuId, quantity, sequence, told_quantity: toldQuantity, attempts, names, codes }) =>
    ({ skuId, quantity, sequence: Number(sequence), toldQuantity, attempts, names: names ?? codes ?? [], isMapped: names !== null }));
}

/** Channels that have figures to be told, and that may be told now. */
export async function dueLanes({ system }: Pick<Database, 'system'>): Promise<StreamRef[]> {
  const { rows } = await system.query<StreamRef>(
    `select l.tenant_id as "tenantId", l.connection_id as "connectionId" from stock_lane l join channel_connection c on c.id = l.connection_id
     where c.status = 'ACTIVE' and l.next_at <= app_now() and (l.leased_until is null or l.leased_until < app_now())
       and exists (select from stock_push p where p.connection_id = l.connection_id and p.state <> 'DONE' and p.next_at <= app_now())
     order by l.next_at limit 500`);
  return rows;
}
