export const onOrderCancelled = 'cancelled';
