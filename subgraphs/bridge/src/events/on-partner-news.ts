import { afterSaleChanged, refundPaid, stockLevelChanged } from '@quanyu/events';
import { on, onTogether, type ConsumeContext, type TogetherContext } from '@quanyu/outbox';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { partnersOf, tellEach, tellPartners } from '../commands/messages/tell-partners.js';

// What nobody here needs, and partners want to hear of.
export const onAfterSaleChanged = on(afterSaleChanged, ({ em, tenantId }: ConsumeContext<SubgraphDeps>, { data: { orderId, connectionId: channelId, afterSaleId, kind, state }, time }) =>
  tellPartners(em, tenantId, 'order.after-sale-changed', { orderId, channelId, afterSaleId, kind, state }, new Date(time)));

export const onRefundPaid = on(refundPaid, ({ em, tenantId }: ConsumeContext<SubgraphDeps>, { data: { orderId, connectionId: channelId, refundId, afterSaleId, currency, amountMinor }, time }) =>
  tellPartners(em, tenantId, 'order.refunded', { orderId, channelId, refundId, afterSaleId, currency, amountMinor }, new Date(time)));

export const onStockLevelChanged = onTogether(stockLevelChanged, async ({ em, tenantId, because }: TogetherContext<SubgraphDeps>, events) => {
  const partners = await partnersOf(em, tenantId, 'stock.changed');
  if (partners.length === 0) return;
  for (const event of events) {
    const { data: { stockLevelId, skuId, locationId, bucket, onHand, reserved, available }, time } = event;
    await because(event, () => tellEach(em, tenantId, partners, 'stock.changed', { stockLevelId, skuId, locationId, bucket, onHand, reserved, available }, new Date(time)));
  }
});
