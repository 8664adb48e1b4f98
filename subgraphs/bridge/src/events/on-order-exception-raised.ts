import type { EntityManager } from '@mikro-orm/postgresql';
import { orderExceptionRaised, orderExceptionRaised2, type EventOf } from '@quanyu/events';
import { on } from '@quanyu/outbox';
import { raiseAlert } from '../commands/messages/alerts.js';
import { isAlertCode, type AlertCode } from '../domain/alert-codes.js';

const alert = (em: EntityManager, tenantId: string, data: Omit<EventOf<typeof orderExceptionRaised2>['data'], 'code'> & { readonly code: AlertCode }): Promise<void> => raiseAlert(em, {
  tenantId, code: data.code, subjectKind: 'ORDER', subjectId: data.orderId, connectionId: data.connectionId,
  params: { subjects: data.subjects.join(', ') }, causeId: data.exceptionId,
});

export const onOrderExceptionRaised = on(orderExceptionRaised, ({ em, tenantId }, { data }) => alert(em, tenantId, data));
/** One whose code is newer than this release has no words here: the work list shows it all the same. */
export const onOrderExceptionRaised2 = on(orderExceptionRaised2, async ({ em, tenantId }, { data: { code, ...data } }) => {
  if (isAlertCode(code)) await alert(em, tenantId, { ...data, code });
});
