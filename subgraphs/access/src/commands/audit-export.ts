import type { EntityManager } from '@mikro-orm/postgresql';
import { audit } from './audit.js';

export interface Exported { readonly exportId: string; readonly staffId: string; readonly reason: string; readonly recipients: readonly string[]; readonly orders: number; readonly channelIds: readonly string[] | null }

/** Keeps who had personal data of orders written to a file, why, and for whom it is sealed. */
export function auditExport(em: EntityManager, tenantId: string, { exportId, staffId, reason, recipients, orders, channelIds }: Exported): Promise<void> {
  audit(em, { tenantId, kind: 'staff', id: staffId, requestId: null }, {
    action: 'orders-exported', subject: exportId, reason, details: { recipients: recipients.join(' '), orders: `${orders}`, channels: channelIds === null ? 'all' : channelIds.join(' ') },
  });
  return Promise.resolve();
}
