import type { Subscription } from '@quanyu/outbox';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { onGoodsReturned } from './on-goods-returned.js';
import { onOrderCancelled } from './on-order-cancelled.js';
import { onOrderConfirmed } from './on-order-confirmed.js';
import { onOrderEdited } from './on-order-edited.js';
import { onOrderPlaced } from './on-order-placed.js';
import { onOrderShipped } from './on-order-shipped.js';
import { onOutsideOrderAcknowledged } from './on-outside-order-acknowledged.js';
import { onOutsideStockRead } from './on-outside-stock-read.js';
import { onSkuCreated } from './on-sku-created.js';
import { onStockLevelChanged } from './on-stock-level-changed.js';
import { onStockPublished } from './on-stock-published.js';

export const consumers: readonly Subscription<SubgraphDeps>[] = [
  onOrderPlaced, onOrderConfirmed, onOrderCancelled, onOrderEdited, onOrderShipped, onGoodsReturned, onSkuCreated, onStockLevelChanged, onStockPublished, onOutsideStockRead, onOutsideOrderAcknowledged,
];
