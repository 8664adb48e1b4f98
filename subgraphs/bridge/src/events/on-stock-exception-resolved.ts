import { stockExceptionResolved } from '@quanyu/events';
import { on } from '@quanyu/outbox';
import { endCause } from '../commands/messages/alerts.js';
import { isAlertCode } from '../domain/alert-codes.js';
import { stockCause } from '../domain/stock-cause.js';

export const onStockExceptionResolved = on(stockExceptionResolved, async ({ em, tenantId }, { data }) => {
  if (!isAlertCode(data.code)) return;
  await endCause(em, { tenantId, code: data.code, ...stockCause(data), params: {} });
});
