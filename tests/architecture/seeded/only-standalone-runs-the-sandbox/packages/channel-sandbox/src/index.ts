export const shopify = 'shopify';
