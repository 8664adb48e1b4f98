import type { Database } from '@quanyu/database';
import { WARN_HOURS } from '../domain/send-by.js';

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

/** Orders of our own that nobody has paid in time. */
export const dueToEnd = (database: System): AsyncGenerator<readonly OrderRef[]> => pages(database,
  `select id as "orderId", tenant_id as "tenantId" from sales_order where source = 'OWN' and status = 'PENDING_PAYMENT' and paid_at is null and pay_by <= app_now()`);

/** Orders of our own that were paid after their hold had ended, and wait for its answer. */
export const dueToConfirm = (database: System): AsyncGenerator<readonly OrderRef[]> => pages(database,
  `select id as "orderId", tenant_id as "tenantId" from sales_order where source = 'OWN' and status = 'PENDING_PAYMENT' and paid_at is not null`);

/** Orders of our own whose placing was cut off. */
export const duePlacing = (database: System): AsyncGenerator<readonly OrderRef[]> => pages(database,
  `select id as "orderId", tenant_id as "tenantId" from sales_order where source = 'OWN' and status = 'RESERVING' and placed_at < app_now() - interval '20 seconds'`);

/** Orders that a person lets wait for their goods, whose turn it is to be asked for again. */
export async function* dueWaiting({ system }: System): AsyncGenerator<readonly OrderRef[]> {
  const { rows } = await system.query<OrderRef>(`select order_id as "orderId", tenant_id as "tenantId" from order_exception where state = 'WAITING' and next_try_at <= app_now() order by next_try_at limit ${BATCH}`);
  if (rows.length > 0) yield rows;
}

/** Orders of members with a year card that should be sent within hours, and of which nobody has been told yet. */
export const dueToSend = (database: System): AsyncGenerator<readonly OrderRef[]> => pages(database,
  `select id as "orderId", tenant_id as "tenantId" from sales_order o
   where status = 'TO_SHIP' and member_id is not null and confirmed_at <= app_now() - interval '${WARN_HOURS} hours'
     and exists (select 1 from year_card c where c.tenant_id = o.tenant_id and c.member_id = o.member_id and o.confirmed_at between c.valid_from and c.valid_until)
     and not exists (select 1 from order_exception e where e.order_id = o.id and e.code = 'SEND_SOON')`);

export async function* duePayments({ system }: System): AsyncGenerator<readonly { readonly tenantId: string; readonly paymentId: string }[]> {
  const { rows } = await system.query<{ tenantId: string; paymentId: string }>(
    `select id as "paymentId", tenant_id as "tenantId" from payment where state = 'CLOSING' and next_try_at <= app_now() order by next_try_at limit ${BATCH}`);
  if (rows.length > 0) yield rows;
}

export async function* dueRefunds({ system }: System): AsyncGenerator<readonly { readonly tenantId: string; readonly refundId: string }[]> {
  const { rows } = await system.query<{ tenantId: string; refundId: string }>(
    `select id as "refundId", tenant_id as "tenantId" from refund where state = 'DUE' and route = 'PROVIDER' and next_try_at <= app_now() order by next_try_at limit ${BATCH}`);
  if (rows.length > 0) yield rows;
}

/** After-sales whose goods nobody has sent in time. */
export async function* dueAfterSales({ system }: System): AsyncGenerator<readonly { readonly tenantId: string; readonly afterSaleId: string }[]> {
  const { rows } = await system.query<{ tenantId: string; afterSaleId: string }>(
    `select id as "afterSaleId", tenant_id as "tenantId" from after_sale where state = 'APPROVED' and return_by <= app_now() order by return_by limit ${BATCH}`);
  if (rows.length > 0) yield rows;
}

/** Edits that were cut off while their goods were being held. */
export async function* dueEdits({ system }: System): AsyncGenerator<readonly { readonly tenantId: string; readonly editId: string }[]> {
  const { rows } = await system.query<{ tenantId: string; editId: string }>(
    `select id as "editId", tenant_id as "tenantId" from order_edit where state = 'HOLDING' and asked_at < app_now() - interval '2 minutes' order by asked_at limit ${BATCH}`);
  if (rows.length > 0) yield rows;
}

type ExportRef = { readonly tenantId: string; readonly exportId: string };
async function* exportsOf({ system }: System, which: string): AsyncGenerator<readonly ExportRef[]> {
  const { rows } = await system.query<ExportRef>(`select id as "exportId", tenant_id as "tenantId" from order_export where ${which} order by id limit ${BATCH}`);
  if (rows.length > 0) yield rows;
}
/** Files that are not written to their end, and files whose week is over. */
export const dueExports = (database: System): AsyncGenerator<readonly ExportRef[]> => exportsOf(database, "state = 'RUNNING' and next_try_at <= app_now()");
export const overExports = (database: System): AsyncGenerator<readonly ExportRef[]> => exportsOf(database, "state = 'DONE' and expires_at <= app_now()");

/** Shops whose open orders are to be compared with ours. */
export async function* dueChannels({ system }: System): AsyncGenerator<readonly { readonly tenantId: string; readonly connectionId: string }[]> {
  const { rows } = await system.query<{ tenantId: string; connectionId: string }>(
    `select connection_id as "connectionId", tenant_id as "tenantId" from channel_check where next_at <= app_now() order by next_at limit ${BATCH}`);
  if (rows.length > 0) yield rows;
}

/** Waybills whose carrier is to be asked by now. */
export async function* dueWaybills({ system }: System): AsyncGenerator<readonly { readonly tenantId: string; readonly waybillId: string }[]> {
  const { rows } = await system.query<{ tenantId: string; waybillId: string }>(
    `select id as "waybillId", tenant_id as "tenantId" from waybill where state = 'WANTED' and next_at <= app_now() and (leased_until is null or leased_until < app_now()) order by next_at limit 500`);
  if (rows.length > 0) yield rows;
}
