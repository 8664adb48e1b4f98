import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { Id } from '@quanyu/ids';
import type { AccountCode, AccountKind } from '../domain/chart-of-accounts.js';

export const Account = defineEntity({
  name: 'Account',
  tableName: 'account',
  properties: {
    id: p.string().primary().$type<Id<'acc'>>(),
    tenantId: p.string(),
    code: p.string().$type<AccountCode>(),
    currency: p.string(),
    kind: p.string().$type<AccountKind>(),
  },
});
export type AccountRow = InferEntity<typeof Account>;
