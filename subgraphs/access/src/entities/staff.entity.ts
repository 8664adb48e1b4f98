import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { Id } from '@quanyu/ids';
import type { RoleName } from '@quanyu/viewer';

export const Staff = defineEntity({
  name: 'Staff',
  tableName: 'staff',
  properties: {
    id: p.string().primary().$type<Id<'stf'>>(),
    tenantId: p.string(),
    issuer: p.string(),
    subject: p.string(),
    name: p.string(),
    role: p.string().$type<RoleName>(),
    allChannels: p.boolean(),
    /** Grows with each change. */
    version: p.integer(),
    invitedAt: p.datetime().defaultRaw('app_now()'),
    removedAt: p.datetime().nullable(),
    /** An owner who may also change and shut other merchants. */
    runsHouse: p.boolean().default(false),
  },
});
export type StaffRow = InferEntity<typeof Staff>;

export const StaffChannel = defineEntity({
  name: 'StaffChannel',
  tableName: 'staff_channel',
  properties: {
    staffId: p.string().primary().$type<Id<'stf'>>(),
    connectionId: p.string().primary(),
    tenantId: p.string(),
  },
});
export type StaffChannelRow = InferEntity<typeof StaffChannel>;
