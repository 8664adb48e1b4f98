// What flows between us and a channel, each switched by itself. A new one listens and is told of stock; it is given nothing of ours until somebody says so.

export const CHANNEL_FLOWS = ['PULL_ORDERS', 'PULL_FULFILMENT', 'PUSH_STOCK', 'PUSH_PRODUCTS', 'PUSH_ORDERS'] as const;
export type ChannelFlow = (typeof CHANNEL_FLOWS)[number];
