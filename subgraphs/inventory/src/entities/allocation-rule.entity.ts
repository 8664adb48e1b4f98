import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { Id } from '@quanyu/ids';

export const AllocationRuleEntity = defineEntity({
  name: 'AllocationRule',
  tableName: 'allocation_rule',
  properties: {
    id: p.string().primary().$type<Id<'alc'>>(),
    tenantId: p.string(),
    channelId: p.string().nullable(),
    category: p.string().nullable(),
    skuId: p.string().nullable(),
    ratioScaled: p.integer().nullable(),
    rounding: p.enum(['FLOOR', 'ROUND', 'CEIL'] as const).nullable(),
    maxOversellUnits: p.integer().nullable(),
    maxOversellPercent: p.integer().nullable(),
    minPublish: p.integer().nullable(),
    version: p.integer(),
    updatedAt: p.datetime(),
  },
});
export type AllocationRuleRow = InferEntity<typeof AllocationRuleEntity>;
