import { orderExceptionResolved } from '@quanyu/events';
import { on } from '@quanyu/outbox';
import { endCause } from '../commands/messages/alerts.js';
import { isAlertCode } from '../domain/alert-codes.js';

export const onOrderExceptionResolved = on(orderExceptionResolved, async ({ em, tenantId }, { data }) => {
  if (!isAlertCode(data.code)) return;
  await endCause(em, { tenantId, code: data.code, subjectKind: 'ORDER', subjectId: data.orderId, connectionId: data.connectionId, params: {}, causeId: data.exceptionId });
});
