export { postWebhook, type PostedWebhook, type WebhookAnswer } from './post-webhook.js';
export { signShopifyWebhook, type ShopifyWebhook } from './shopify/sign-webhook.js';
export { shopifyOrder, type ShopifyOrderBody } from './shopify/order-body.js';
export type {
  ShopifyAddressInput, ShopifyCustomerInput, ShopifyFinancialStatus, ShopifyLineInput, ShopifyOrderInput, ShopifyTaxInput,
} from './shopify/order-input.js';
export { SHOPIFY_FIXTURES, shopifyFixture, type ShopifyFixture } from './shopify/fixtures.js';
export { sendWebhook, type SendWebhookIo } from './send-webhook/send-webhook.js';
