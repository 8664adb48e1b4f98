import { rightsChanged } from '@quanyu/events';
import { record } from '@quanyu/outbox';
import { refuse, type GraphContext, type Refusal } from '@quanyu/subgraph';
import type { AccessErrorCode } from '../errors.js';
import { actorOf, audit } from './audit.js';
import { isLastOwner, lockStaff, type StaffEdit } from './lock-staff.js';

/** Shuts somebody out. The row stays, so that the audit log still knows who they were. */
export function removeStaff(ctx: GraphContext, input: StaffEdit): Promise<{ kind: 'removed' } | Refusal<AccessErrorCode>> {
  return ctx.write('remove-staff', async (em) => {
    const locked = await lockStaff(em, ctx.viewer.tenantId, input);
    if (locked.kind === 'refused') return locked;
    const { staff } = locked;
    if (await isLastOwner(em, staff)) return refuse('LAST_OWNER', 'staffId');
    staff.removedAt = new Date();
    staff.version += 1;
    record(em, rightsChanged({ tenantId: staff.tenantId, sequence: staff.version, data: { subjectId: staff.id } }));
    audit(em, actorOf(ctx), { action: 'staff-removed', subject: staff.id, details: { role: staff.role } });
    return { kind: 'removed' };
  });
}
