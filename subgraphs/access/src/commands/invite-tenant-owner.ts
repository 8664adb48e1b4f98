import { newId } from '@quanyu/ids';
import { refuse, type GraphContext, type Refusal } from '@quanyu/subgraph';
import { isIdentity, isName } from '../domain/names.js';
import { Staff } from '../entities/staff.entity.js';
import type { AccessErrorCode } from '../errors.js';
import { actorOf, audit } from './audit.js';
import { hasRoom, insertStaff } from './insert-staff.js';

export interface InviteTenantOwner { readonly tenantId: string; readonly issuer: string; readonly subject: string; readonly name: string }

/** Lets an owner into a merchant that may have nobody yet. Of somebody who owns it already nothing changes. */
export function inviteTenantOwner(ctx: GraphContext, { tenantId, issuer, subject, name }: InviteTenantOwner): Promise<{ readonly kind: 'invited' } | Refusal<AccessErrorCode>> {
  return ctx.deps.database.write(tenantId, 'invite-tenant-owner', async (em) => {
    if (!isName(name)) return refuse('NAME_INVALID', 'name');
    if (!isIdentity(issuer, subject)) return refuse('IDENTITY_INVALID', 'subject');
    const hasSpace = await hasRoom(em, tenantId);
    if (hasSpace === null) return refuse('TENANT_NOT_FOUND', 'tenantId');
    if (await em.findOne(Staff, { tenantId, issuer, subject, role: 'OWNER', removedAt: null })) return { kind: 'invited' };
    if (!hasSpace) return refuse('ACCOUNT_LIMIT_REACHED');
    const staffId = newId('stf');
    if (!(await insertStaff(em, { id: staffId, tenantId, issuer, subject, name, role: 'OWNER', allChannels: true }))) return refuse('IDENTITY_TAKEN', 'subject');
    audit(em, { ...actorOf(ctx), tenantId }, { action: 'staff-invited', subject: staffId, details: { role: 'OWNER', channels: 'all' } });
    return { kind: 'invited' };
  });
}
