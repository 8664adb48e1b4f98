import type { Database } from '@quanyu/database';
import { tenantCreated } from '@quanyu/events';
import { newId } from '@quanyu/ids';
import { record } from '@quanyu/outbox';
import { Tenant } from '../entities/tenant.entity.js';
import { audit } from './audit.js';

export interface EnsureTenant { readonly platform: string; readonly shop: string; readonly name: string }

const BY = 'access.ensure-tenant';
/** What a merchant has who has said nothing; the house changes the name and the package, the rest holds for good. */
const STANDARD = { timeZone: 'Asia/Shanghai', baseCurrency: 'CNY' } as const;

/** The merchant that was made for a shop; made now where there is none. Nobody works for it until the house lets an owner in. */
export async function ensureTenant(database: Database, input: EnsureTenant): Promise<{ readonly tenantId: string }> {
  const { platform, shop, name } = input;
  const { rows: [known] } = await database.system.query<{ tenantId: string }>('select tenant_id as "tenantId" from tenant_origin where platform = $1 and shop = $2', [platform, shop]);
  if (known !== undefined) return known;
  const tenantId = newId('ten');
  const made = await database.write(tenantId, 'ensure-tenant', async (em) => {
    // The shop is the lock: of two who ask at once, the second waits here and then finds the first one's.
    const rows = await em.execute<unknown[]>('insert into tenant_origin (platform, shop, tenant_id) values (?, ?, ?) on conflict do nothing returning 1', [platform, shop, tenantId]);
    if (rows.length === 0) return false;
    em.create(Tenant, { id: tenantId, tenantId, name, ...STANDARD, createdBy: BY, updatedBy: BY, expiresAt: null, accountLimit: null, deletedAt: null });
    audit(em, { tenantId, kind: 'service', id: BY, requestId: null }, { action: 'tenant-created', subject: tenantId, details: { platform, shop } });
    record(em, tenantCreated({ tenantId, sequence: 1, data: { tenantId, name, ...STANDARD } }));
    return true;
  });
  return made ? { tenantId } : ensureTenant(database, input);
}
