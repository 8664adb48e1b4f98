import type { EntityManager } from '@mikro-orm/postgresql';
import type { Database } from '@quanyu/database';
import { tenantCreated } from '@quanyu/events';
import { newId } from '@quanyu/ids';
import { record } from '@quanyu/outbox';
import { ProductError } from '@quanyu/subgraph';
import { FIRST_KEY_SCOPES } from '../domain/partner-scopes.js';
import { isTimeZone } from '../domain/time-zone.js';
import { Tenant } from '../entities/tenant.entity.js';
import { IdentityTakenError } from '../errors.js';
import { staffByIdentity } from '../queries/staff-by-identity.js';
import { audit, type Actor } from './audit.js';
import { insertStaff } from './insert-staff.js';

export interface CreateTenant {
  readonly name: string;
  readonly timeZone: string;
  readonly baseCurrency: string;
  readonly owner: { readonly issuer: string; readonly subject: string; readonly name: string };
  /** The owner may also change and shut other merchants. */
  readonly runsHouse: boolean;
  readonly partnerKey: { readonly hash: string; readonly prefix: string; readonly name: string } | null;
}

export interface TenantCreated { readonly tenantId: string; readonly staffId: string }

/** Sets up a merchant, its owner and a partner key. Asked again for the same owner it answers the tenant that is there. */
export async function createTenant(database: Database, input: CreateTenant): Promise<TenantCreated> {
  if (!isTimeZone(input.timeZone)) throw new ProductError('INPUT_INVALID', 'timeZone');
  const known = await staffByIdentity(database.system, input.owner);
  if (known?.role === 'OWNER') {
    await database.write(known.tenantId, 'create-tenant', async (em) => {
      await addFirstKey(em, setup(known.tenantId), input.partnerKey);
      if (input.runsHouse) await handHouse(em, known);
    });
    return { tenantId: known.tenantId, staffId: known.id };
  }
  // Whoever works for one merchant as less than an owner cannot be made the owner of it by this call, nor of another.
  if (known !== null) throw new IdentityTakenError();

  const tenantId = newId('ten');
  const staffId = newId('stf');
  const made = await database.write(tenantId, 'create-tenant', async (em) => {
    // The identity is the lock: of two who ask at once, the second waits here and then finds the first one's tenant.
    if (!(await insertStaff(em, { id: staffId, tenantId, ...input.owner, role: 'OWNER', allChannels: true }))) return false;
    const { name, timeZone, baseCurrency } = input;
    em.create(Tenant, { id: tenantId, tenantId, name, timeZone, baseCurrency, createdBy: setup(tenantId).id, updatedBy: setup(tenantId).id, expiresAt: null, accountLimit: null, deletedAt: null });
    audit(em, setup(tenantId), { action: 'tenant-created', subject: tenantId });
    audit(em, setup(tenantId), { action: 'staff-invited', subject: staffId, details: { role: 'OWNER', channels: 'all' } });
    await addFirstKey(em, setup(tenantId), input.partnerKey);
    if (input.runsHouse) await handHouse(em, { tenantId, id: staffId });
    record(em, tenantCreated({ tenantId, sequence: 1, data: { tenantId, name, timeZone, baseCurrency } }));
    return true;
  });
  return made ? { tenantId, staffId } : createTenant(database, input);
}

/** A call comes from a service of our own, not from a person. */
const setup = (tenantId: string): Actor => ({ tenantId, kind: 'service', id: 'access.create-tenant', requestId: null });

async function handHouse(em: EntityManager, { tenantId, id }: { readonly tenantId: string; readonly id: string }): Promise<void> {
  const rows = await em.execute<unknown[]>('update staff set runs_house = true, version = version + 1 where id = ? and not runs_house returning 1', [id]);
  if (rows.length > 0) audit(em, setup(tenantId), { action: 'house-handed-over', subject: id });
}

/** A key that is known stays as it is: one that was revoked does not come back to life by asking again. */
async function addFirstKey(em: EntityManager, actor: Actor, key: CreateTenant['partnerKey']): Promise<void> {
  if (key === null) return;
  const keyId = newId('key');
  const rows = await em.execute<unknown[]>(
    `insert into partner_key (id, tenant_id, name, prefix, hash, scopes, all_channels, channel_ids) values (?, ?, ?, ?, ?, string_to_array(?, ' '), true, '{}')
     on conflict (hash) do nothing returning 1`,
    [keyId, actor.tenantId, key.name, key.prefix, key.hash, FIRST_KEY_SCOPES.join(' ')]);
  if (rows.length > 0) audit(em, actor, { action: 'partner-key-created', subject: keyId, details: { scopes: FIRST_KEY_SCOPES.join(' '), channels: 'all' } });
}
