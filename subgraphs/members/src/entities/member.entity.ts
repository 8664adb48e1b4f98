import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { Id } from '@quanyu/ids';

export const Member = defineEntity({
  name: 'Member',
  tableName: 'member',
  properties: {
    id: p.string().primary().$type<Id<'mem'>>(),
    tenantId: p.string(),
    createdAt: p.datetime(),
  },
});
export type MemberRow = InferEntity<typeof Member>;

export const MemberIdentity = defineEntity({
  name: 'MemberIdentity',
  tableName: 'member_identity',
  properties: {
    id: p.string().primary().$type<Id<'idn'>>(),
    tenantId: p.string(),
    memberId: p.string().$type<Id<'mem'>>(),
    connectionId: p.string(),
    /** The channel's own id of the customer. */
    externalId: p.string(),
    /** JSON { name, phone, email }; row = id of the identity, field = 'profile'. */
    sealedProfile: p.text().nullable(),
    phoneIndex: p.string().nullable(),
    emailIndex: p.string().nullable(),
    profileAt: p.datetime(),
  },
});
export type MemberIdentityRow = InferEntity<typeof MemberIdentity>;
