export const storeDelivery = 'stored';
