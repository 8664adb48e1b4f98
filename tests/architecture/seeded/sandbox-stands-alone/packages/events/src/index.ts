export const orderPlaced = 'orders.order-placed.v1';
