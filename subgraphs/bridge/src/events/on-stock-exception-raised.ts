import { stockExceptionRaised } from '@quanyu/events';
import { on } from '@quanyu/outbox';
import { raiseAlert } from '../commands/messages/alerts.js';
import { stockCause } from '../domain/stock-cause.js';

export const onStockExceptionRaised = on(stockExceptionRaised, ({ em, tenantId }, { data }) => raiseAlert(em, {
  tenantId, code: data.code, ...stockCause(data), params: { skuId: data.skuId ?? '', ...data.figures },
}));
