import type { Subscription } from '@quanyu/outbox';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { onChannelGapClosed, onChannelGapFound } from './on-channel-gap.js';
import { onChannelSkuMapped } from './on-channel-sku-mapped.js';
import { onEventParked } from './on-event-parked.js';
import { onEventReplayed } from './on-event-replayed.js';
import { onOrderExceptionRaised, onOrderExceptionRaised2 } from './on-order-exception-raised.js';
import { onOrderExceptionResolved } from './on-order-exception-resolved.js';
import { onOrderCancelled, onOrderConfirmed } from './on-order-news.js';
import { onOrderShipped } from './on-order-shipped.js';
import { onAfterSaleChanged, onRefundPaid, onStockLevelChanged } from './on-partner-news.js';
import { onPublishChanged } from './on-publish-changed.js';
import { onProductChanged, onSkuCreated } from './on-sku-created.js';
import { onStockExceptionRaised } from './on-stock-exception-raised.js';
import { onStockExceptionResolved } from './on-stock-exception-resolved.js';
import { onTenantDeleted, onTenantRestored } from './on-tenant-deleted.js';

export const consumers: readonly Subscription<SubgraphDeps>[] = [
  onSkuCreated, onProductChanged, onChannelGapFound, onChannelGapClosed, onChannelSkuMapped, onPublishChanged, onOrderShipped, onOrderConfirmed, onOrderCancelled, onAfterSaleChanged, onRefundPaid, onStockLevelChanged, onOrderExceptionRaised, onOrderExceptionRaised2, onOrderExceptionResolved, onStockExceptionRaised, onStockExceptionResolved, onTenantDeleted, onTenantRestored, ...onEventParked, ...onEventReplayed,
];
