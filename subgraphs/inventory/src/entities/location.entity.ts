import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { Id } from '@quanyu/ids';

export const Location = defineEntity({
  name: 'Location',
  tableName: 'location',
  properties: {
    id: p.string().primary().$type<Id<'loc'>>(),
    tenantId: p.string(),
    code: p.string(),
    name: p.string(),
  },
});
export type LocationRow = InferEntity<typeof Location>;
