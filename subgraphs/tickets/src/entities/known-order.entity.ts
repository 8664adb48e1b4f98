import { defineEntity, p } from '@mikro-orm/core';

export const KnownOrder = defineEntity({
  name: 'KnownOrder',
  tableName: 'known_order',
  properties: {
    tenantId: p.string().primary(),
    orderId: p.string().primary(),
    connectionId: p.string(),
  },
});
