import { createHmac } from 'node:crypto';

/** What Shoplazza tells about a webhook besides its body. */
export interface ShoplazzaWebhook {
  /** `orders/create`, lower case with a slash. */
  readonly topic: string;
  /** `<name>.myshoplaza.com`. */
  readonly shopDomain: string;
  /** The event: the same in each of its retries. */
  readonly deduplicationId: string;
  /** Default `2022-01`. */
  readonly apiVersion?: string;
}

/**
 * Makes the headers Shoplazza sends with a webhook. The signature is base64 of the HMAC-SHA-256 over the raw body bytes
 * with the app's client secret as key; the headers themselves are not signed, and none tells when it happened.
 */
export function signShoplazzaWebhook(rawBody: Uint8Array | string, secret: string, webhook: ShoplazzaWebhook): Record<string, string> {
  return {
    'X-Shoplazza-Topic': webhook.topic,
    'X-Shoplazza-Hmac-Sha256': createHmac('sha256', secret).update(rawBody).digest('base64'),
    'X-Shoplazza-Shop-Domain': webhook.shopDomain,
    'X-Shoplazza-Api-Version': webhook.apiVersion ?? '2022-01',
    'X-Shoplazza-Deduplication-ID': webhook.deduplicationId,
  };
}
