import { refuse, type GraphContext, type Refusal } from '@quanyu/subgraph';
import type { BridgeErrorCode } from '../../errors.js';

/** Closes an alert by hand; one that is closed already stays as it is. */
export function resolveAlert(ctx: GraphContext, alertId: string): Promise<{ readonly kind: 'resolved' } | Refusal<BridgeErrorCode>> {
  const { tenantId, subjectId } = ctx.viewer;
  return ctx.write('resolve-alert', async (em) => {
    const [alert] = await em.execute<{ connection_id: string | null }[]>('select connection_id from alert where tenant_id = ? and id = ? and count > 0 for update', [tenantId, alertId]);
    if (alert === undefined || (alert.connection_id !== null && !ctx.viewer.seesChannel(alert.connection_id))) return refuse('ALERT_NOT_FOUND', 'alertId');
    await em.execute("update alert set state = 'RESOLVED', resolved_at = app_now(), resolved_by = ? where id = ? and state = 'OPEN'", [subjectId, alertId]);
    return { kind: 'resolved' };
  });
}
