import { orderExceptionRaised } from '@quanyu/events';
import { on } from '@quanyu/outbox';
import { raiseAlert } from '../commands/alerts.js';

export const onOrderExceptionRaised = on(orderExceptionRaised, ({ em, tenantId }, { data }) => raiseAlert(em, {
  tenantId, code: data.code, subjectKind: 'ORDER', subjectId: data.orderId, connectionId: data.connectionId,
  params: { subjects: data.subjects.join(', ') }, causeId: data.exceptionId,
}));
