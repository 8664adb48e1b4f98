import type { Database } from '@quanyu/database';

export interface OrderRef { readonly tenantId: string; readonly orderId: string }
type System = Pick<Database, 'system'>;

const BATCH = 200;

/** Pages of a statement that answers `"orderId"`, `"tenantId"` after an order's id. */
async function* pages({ system }: System, sql: string): AsyncGenerator<readonly OrderRef[]> {
  for (let after = ''; ;) {
    const { rows } = await system.query<OrderRef>(`${sql} and id > $1 order by id limit ${BATCH}`, [after]);
    if (rows.length > 0) yield rows;
    if (rows.length < BATCH) return;
    after = rows.at(-1)!.orderId;
  }
}

/** Shipped orders whose time to come back has passed, and of which nothing is open. */
export const dueToComplete = (database: System): AsyncGenerator<readonly OrderRef[]> => pages(database,
  `select id as "orderId", tenant_id as "tenantId" from sales_order
   where status = 'SHIPPED' and complete_at <= app_now() and after_sale = 'NONE' and channel_after_sale = 'NONE'`);
