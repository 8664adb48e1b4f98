import { onOrderAmended } from './on-order-amended.js';
import { onOrderCancelled } from './on-order-cancelled.js';
import { onOrderConfirmed } from './on-order-confirmed.js';
import { onPointsAdded } from './on-points-added.js';
import { onPointsEarned } from './on-points-earned.js';
import { onPointsReversed } from './on-points-reversed.js';
import { onPointsTakenBack } from './on-points-taken-back.js';
import { onRefundPaid } from './on-refund-paid.js';

export const consumers = [onOrderConfirmed, onOrderCancelled, onPointsEarned, onPointsReversed, onRefundPaid, onPointsTakenBack, onOrderAmended, onPointsAdded];
