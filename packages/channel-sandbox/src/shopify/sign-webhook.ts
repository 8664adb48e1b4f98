import { createHmac } from 'node:crypto';

/** What Shopify tells about a webhook besides its body. */
export interface ShopifyWebhook {
  /** `orders/create`, lower case with a slash. */
  readonly topic: string;
  /** `<name>.myshopify.com`. */
  readonly shopDomain: string;
  /** Default `2025-01`. */
  readonly apiVersion?: string;
  /** The delivery: the same in each retry. */
  readonly webhookId: string;
  /** The happening: the same for all subscriptions that hear of it. */
  readonly eventId: string;
  /** RFC 3339 in UTC; stays the same in retries. */
  readonly triggeredAt: string;
}

/**
 * Makes the headers Shopify sends with a webhook. The signature is base64 of the HMAC-SHA-256 over the raw body bytes
 * with the app's client secret as key; the headers themselves are not signed.
 */
export function signShopifyWebhook(rawBody: Uint8Array | string, secret: string, webhook: ShopifyWebhook): Record<string, string> {
  return {
    'X-Shopify-Topic': webhook.topic,
    'X-Shopify-Hmac-Sha256': createHmac('sha256', secret).update(rawBody).digest('base64'),
    'X-Shopify-Shop-Domain': webhook.shopDomain,
    'X-Shopify-API-Version': webhook.apiVersion ?? '2025-01',
    'X-Shopify-Webhook-Id': webhook.webhookId,
    'X-Shopify-Event-Id': webhook.eventId,
    'X-Shopify-Triggered-At': webhook.triggeredAt,
  };
}
