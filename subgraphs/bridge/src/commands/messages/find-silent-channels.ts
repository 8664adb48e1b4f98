import type { Database } from '@quanyu/database';
import { firstIdAt } from '@quanyu/ids';
import { raiseAlert, resolveAlertsOf } from './alerts.js';

/** A channel that sold at least so often in the ten days before is expected to sell again. */
const USUAL_ORDERS = 14;
const MOST_LOOKED_AT = 200;
const TEN_DAYS_MS = 10 * 86_400_000;

interface Channel { readonly id: string; readonly tenantId: string; readonly silentHours: number; readonly isSilent: boolean }

/** Tells a person of channels from which no order has come for longer than is usual, and that it is over. */
export async function findSilentChannels(database: Database): Promise<void> {
  const { rows } = await database.system.query<Channel>(
    `select c.id, c.tenant_id as "tenantId", c.silent_hours as "silentHours", n.newest < app_now() - make_interval(hours => c.silent_hours) as "isSilent"
     from channel_connection c cross join lateral (
       select max(received_at) as newest, count(distinct external_order_id) as orders from (
         select received_at, external_order_id from delivery d where d.connection_id = c.id and d.external_order_id is not null and d.id > $1 order by d.id desc limit ${MOST_LOOKED_AT}) recent) n
     where c.status = 'ACTIVE' and c.silent_hours > 0 and n.orders >= ${USUAL_ORDERS}`, [firstIdAt('dlv', new Date(Date.now() - TEN_DAYS_MS))]);
  for (const { id, tenantId, silentHours, isSilent } of rows) {
    await database.write(tenantId, 'watch-channel', (em) => (isSilent
      ? raiseAlert(em, { tenantId, code: 'CHANNEL_SILENT', subjectKind: 'CHANNEL', subjectId: id, connectionId: id, params: { hours: silentHours } })
      : resolveAlertsOf(em, tenantId, { code: 'CHANNEL_SILENT', subjectId: id })));
  }
}
