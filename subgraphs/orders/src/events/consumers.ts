import type { Subscription } from '@quanyu/outbox';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { countAmended, countCancelled, countConfirmed, countRefunded, countShipped } from './figures.js';
import { onChannelConnected } from './on-channel-connected.js';
import { onChannelSkuMapped } from './on-channel-sku-mapped.js';
import { onFloorPriceChanged } from './on-floor-price-changed.js';
import { onLatePaymentRefused } from './on-late-payment-refused.js';
import { onOrderReceived } from './on-order-received.js';
import { onParcelPacked } from './on-parcel-packed.js';
import { onParcelTracked } from './on-parcel-tracked.js';
import { onPaymentNotified } from './on-payment-notified.js';
import { onPhoneVerified } from './on-phone-verified.js';
import { onSkuCreated } from './on-sku-created.js';
import { onStockReserved } from './on-stock-reserved.js';
import { onStockShort } from './on-stock-short.js';
import { onTenantCreated } from './on-tenant-created.js';
import { onYearCardChanged } from './on-year-card-changed.js';

export const consumers: readonly Subscription<SubgraphDeps>[] = [
  onTenantCreated, onChannelConnected, onOrderReceived, onSkuCreated, onChannelSkuMapped, onStockReserved, onStockShort, onParcelPacked, onParcelTracked, onPaymentNotified, onLatePaymentRefused, onPhoneVerified, onYearCardChanged, onFloorPriceChanged,
  countConfirmed, countAmended, countCancelled, countShipped, countRefunded,
];
