import { rightsChanged } from '@quanyu/events';
import { record } from '@quanyu/outbox';
import { refuse, type GraphContext, type Refusal } from '@quanyu/subgraph';
import { contradicts, type Grant } from '../domain/channels.js';
import { StaffChannel } from '../entities/staff.entity.js';
import type { AccessErrorCode } from '../errors.js';
import { actorOf, audit } from './audit.js';
import { grantChannels } from './insert-staff.js';
import { lockStaff, type StaffEdit } from './lock-staff.js';

export interface SetStaffChannels extends StaffEdit, Grant {}

/** Replaces the channels that somebody sees. */
export function setStaffChannels(ctx: GraphContext, input: SetStaffChannels): Promise<{ kind: 'set' } | Refusal<AccessErrorCode>> {
  const { tenantId } = ctx.viewer;
  return ctx.write('set-staff-channels', async (em) => {
    const locked = await lockStaff(em, tenantId, input);
    if (locked.kind === 'refused') return locked;
    const { staff } = locked;
    if (contradicts(staff.role, input)) return refuse('CHANNELS_CONFLICT', 'channelIds');
    const granted = await em.find(StaffChannel, { tenantId, staffId: staff.id }, { disableIdentityMap: true });
    const before = staff.allChannels ? 'all' : granted.map(({ connectionId }) => connectionId).sort().join(' ');
    const after = input.allChannels ? 'all' : [...new Set(input.channelIds)].sort().join(' ');
    if (before === after) return { kind: 'set' };
    await em.execute('delete from staff_channel where staff_id = ?', [staff.id]);
    grantChannels(em, staff, input.channelIds);
    staff.allChannels = input.allChannels;
    staff.version += 1;
    record(em, rightsChanged({ tenantId: staff.tenantId, sequence: staff.version, data: { subjectId: staff.id } }));
    audit(em, actorOf(ctx), { action: 'staff-channels-set', subject: staff.id, details: { from: before, to: after } });
    return { kind: 'set' };
  });
}
