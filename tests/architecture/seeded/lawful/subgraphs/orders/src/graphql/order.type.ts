export const OrderType = 'Order';
