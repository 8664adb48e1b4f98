import type { Subscription } from '@quanyu/outbox';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { onEventParked } from './on-event-parked.js';
import { onEventReplayed } from './on-event-replayed.js';
import { onOrderExceptionRaised } from './on-order-exception-raised.js';
import { onOrderExceptionResolved } from './on-order-exception-resolved.js';
import { onStockExceptionRaised } from './on-stock-exception-raised.js';
import { onStockExceptionResolved } from './on-stock-exception-resolved.js';

export const consumers: readonly Subscription<SubgraphDeps>[] = [onOrderExceptionRaised, onOrderExceptionResolved, onStockExceptionRaised, onStockExceptionResolved, ...onEventParked, ...onEventReplayed];
