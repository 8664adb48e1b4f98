import { defineEntity, p, type InferEntity } from '@mikro-orm/core';

export const EarnRate = defineEntity({
  name: 'EarnRate',
  tableName: 'earn_rate',
  properties: {
    tenantId: p.string().primary(),
    currency: p.string().primary(),
    pointsPerMajor: p.integer(),
    updatedAt: p.datetime(),
  },
});
export type EarnRateRow = InferEntity<typeof EarnRate>;
