import { orderCancelled, orderConfirmed, orderShipped, refundPaid } from '@quanyu/events';
import { on } from '@quanyu/outbox';
import { keepFigures } from '../commands/keep-figures.js';
import { isOnTime } from '../domain/figures.js';

// Our own news, counted apart from the change: a hundred buyers of one channel must not wait for one row of figures.

/** What costs nothing, such as a replacement, is no sale. */
export const countConfirmed = on(orderConfirmed, ({ em, tenantId }, { data, time }) => (data.amounts.totalMinor === 0 ? Promise.resolve() : keepFigures(em, {
  tenantId, connectionId: data.connectionId, orderId: data.orderId, currency: data.amounts.currency, confirmedAt: new Date(data.confirmedAt ?? time), add: { orders: 1, gmvMinor: data.amounts.totalMinor },
})));

export const countCancelled = on(orderCancelled, ({ em, tenantId }, { data, time }) => (data.wasConfirmed
  ? keepFigures(em, { tenantId, connectionId: data.connectionId, orderId: data.orderId, currency: null, confirmedAt: new Date(time), add: { cancelled: 1 } })
  : Promise.resolve()));

export const countShipped = on(orderShipped, ({ em, tenantId }, { data }) => {
  if (!data.complete || data.confirmedAt === null) return Promise.resolve();
  const confirmedAt = new Date(data.confirmedAt);
  return keepFigures(em, {
    tenantId, connectionId: data.connectionId, orderId: data.orderId, currency: null, confirmedAt, add: { shipped: 1, shippedOnTime: isOnTime(confirmedAt, new Date(data.shippedAt)) ? 1 : 0 },
  });
});

export const countRefunded = on(refundPaid, ({ em, tenantId }, { data }) => {
  if (data.confirmedAt === null || data.afterSaleId === null) return Promise.resolve();
  return keepFigures(em, {
    tenantId, connectionId: data.connectionId, orderId: data.orderId, currency: data.currency, confirmedAt: new Date(data.confirmedAt),
    // An order that comes back in two parts came back once.
    add: { refundedMinor: data.amountMinor, returned: data.refundedBeforeMinor === 0 ? 1 : 0 },
  });
});
