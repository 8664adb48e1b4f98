import { rightsChanged } from '@quanyu/events';
import { record } from '@quanyu/outbox';
import { refuse, type GraphContext, type Refusal } from '@quanyu/subgraph';
import type { RoleName } from '@quanyu/viewer';
import type { AccessErrorCode } from '../errors.js';
import { actorOf, audit } from './audit.js';
import { isLastOwner, lockStaff, type StaffEdit } from './lock-staff.js';

export interface SetStaffRole extends StaffEdit { readonly role: RoleName }

/** Gives somebody another role. Their channels stay as granted; an owner has all meanwhile. */
export function setStaffRole(ctx: GraphContext, input: SetStaffRole): Promise<{ kind: 'set' } | Refusal<AccessErrorCode>> {
  return ctx.write('set-staff-role', async (em) => {
    const locked = await lockStaff(em, ctx.viewer.tenantId, input);
    if (locked.kind === 'refused') return locked;
    const { staff } = locked;
    if (staff.role === input.role) return { kind: 'set' };
    if (await isLastOwner(em, staff)) return refuse('LAST_OWNER', 'staffId');
    audit(em, actorOf(ctx), { action: 'staff-role-set', subject: staff.id, details: { from: staff.role, to: input.role } });
    staff.role = input.role;
    staff.version += 1;
    record(em, rightsChanged({ tenantId: staff.tenantId, sequence: staff.version, data: { subjectId: staff.id } }));
    return { kind: 'set' };
  });
}
