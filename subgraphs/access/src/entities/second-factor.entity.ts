import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { Id } from '@quanyu/ids';

export const SecondFactor = defineEntity({
  name: 'SecondFactor',
  tableName: 'second_factor',
  properties: {
    staffId: p.string().primary().$type<Id<'stf'>>(),
    tenantId: p.string(),
    /** Base32; row = the staff member, field = 'secondFactor'. */
    sealedSecret: p.text(),
    state: p.enum(['PENDING', 'ACTIVE'] as const),
    lastStep: p.bigint('number'),
    failures: p.integer(),
    lockedUntil: p.datetime().nullable(),
    enrolledAt: p.datetime().nullable(),
  },
});
export type SecondFactorRow = InferEntity<typeof SecondFactor>;
