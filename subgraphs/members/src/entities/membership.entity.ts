import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { MembershipLevel } from '../domain/membership.js';

export const Membership = defineEntity({
  name: 'Membership',
  tableName: 'membership',
  properties: {
    memberId: p.string().primary(),
    level: p.string().primary().$type<MembershipLevel>(),
    tenantId: p.string(),
    validFrom: p.datetime(),
    validUntil: p.datetime(),
    version: p.integer(),
  },
});
export type MembershipRow = InferEntity<typeof Membership>;
