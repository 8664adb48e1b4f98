import type { EventDefinition, EventOf } from '@quanyu/events';
import { orderAmended, orderCancelled, orderConfirmed, orderShipped, refundPaid } from '@quanyu/events';
import { onTogether } from '@quanyu/outbox';
import type { z } from 'zod';
import { keepFigures, type FigureChange } from '../commands/figures/keep-figures.js';
import { isOnTime } from '../domain/figures.js';

// Our own news, counted apart from the change: a hundred buyers of one channel must not wait for one row of figures.

/** Counts what came together, each because of its own event. `changeOf` answers null for what is not counted. */
const counted = <Type extends string, Schema extends z.ZodType>(
  definition: EventDefinition<Type, Schema>,
  changeOf: (event: EventOf<EventDefinition<Type, Schema>>) => Omit<FigureChange, 'tenantId'> | null,
) => onTogether(definition, async ({ em, tenantId, because }, events) => {
  for (const event of events) {
    const change = changeOf(event);
    if (change !== null) await because(event, () => keepFigures(em, { tenantId, ...change }));
  }
});

/** What costs nothing, such as a replacement, is no sale. */
export const countConfirmed = counted(orderConfirmed, ({ data, time }) => (data.amounts.totalMinor === 0 ? null : {
  connectionId: data.connectionId, orderId: data.orderId, currency: data.amounts.currency, confirmedAt: new Date(data.confirmedAt ?? time), add: { orders: 1, gmvMinor: data.amounts.totalMinor },
}));

/** An edit that is settled changes what its day has sold. */
export const countAmended = counted(orderAmended, ({ data }) => ({
  connectionId: data.connectionId, orderId: data.orderId, currency: data.currency, confirmedAt: new Date(data.confirmedAt), add: { gmvMinor: data.afterMinor - data.beforeMinor },
}));

export const countCancelled = counted(orderCancelled, ({ data, time }) => (!data.wasConfirmed ? null : {
  connectionId: data.connectionId, orderId: data.orderId, currency: null, confirmedAt: new Date(time), add: { cancelled: 1 },
}));

export const countShipped = counted(orderShipped, ({ data }) => {
  if (!data.complete || data.confirmedAt === null) return null;
  const confirmedAt = new Date(data.confirmedAt);
  return { connectionId: data.connectionId, orderId: data.orderId, currency: null, confirmedAt, add: { shipped: 1, shippedOnTime: isOnTime(confirmedAt, new Date(data.shippedAt)) ? 1 : 0 } };
});

export const countRefunded = counted(refundPaid, ({ data }) => (data.confirmedAt === null || data.afterSaleId === null ? null : {
  connectionId: data.connectionId, orderId: data.orderId, currency: data.currency, confirmedAt: new Date(data.confirmedAt),
  // An order that comes back in two parts came back once.
  add: { refundedMinor: data.amountMinor, returned: data.refundedBeforeMinor === 0 ? 1 : 0 },
}));
