import type { Contract } from '@quanyu/subgraph';

/** What the fields of this room ask for, and what of them partners see. */
export const contract: Contract = {
  scopes: {
    'Query.orders': 'orders:read',
    'Query.order': 'orders:read',
    'Channel.orders': 'orders:read',
    'Mutation.retryReservation': 'orders:write',
    'Query.myOrders': 'orders:buy',
    'Query.orderFigures': 'orders:read',
    'Subscription.orderFiguresChanged': 'orders:read',
    'Query.ownChannels': 'orders:read',
    'Query.quoteOrder': 'orders:buy',
    'Mutation.placeOrder': 'orders:buy',
    'Mutation.startPayment': 'orders:buy',
    'Mutation.cancelOrder': 'orders:buy',
    'Mutation.recordPayment': 'orders:write',
    'Mutation.openOwnChannel': 'channels:write',
    'Mutation.switchOwnChannel': 'channels:write',
    'Mutation.holdOrder': 'orders:write',
    'Mutation.releaseOrder': 'orders:write',
    'Mutation.completeOrder': 'orders:write',
    'Subscription.ordersChanged': 'orders:read',
    'Subscription.orderChanged': 'orders:read',
  },
  public: {
    Query: ['orders', 'order'], Subscription: ['ordersChanged', 'orderChanged'],
    Order: [
      'id', 'orderNumber', 'externalOrderId', 'platform', 'status', 'paymentState', 'rawStatus', 'refunded', 'placedAt', 'paidAt', 'confirmedAt', 'cancelledAt', 'cancelReason', 'version',
      'lines', 'channel', 'amounts', 'shipTo', 'source', 'onHold', 'partiallyShipped', 'shippedAt', 'completedAt', 'afterSale', 'parcels',
    ],
    OrderFilterInput: ['statuses', 'channelIds', 'orderNumber', 'placedFrom', 'placedBefore', 'skuId'],
    OrderLineType: 'all', ParcelType: 'all', ParcelLineType: 'all', OrderAmounts: 'all', MaskedAddress: 'all', Channel: ['id'], Sku: ['id'],
  },
};
