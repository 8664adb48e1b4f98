import { randomUUID } from 'node:crypto';
import { signShoplazzaWebhook } from './shoplazza/sign-webhook.js';
import { signShopifyWebhook } from './shopify/sign-webhook.js';

/** A webhook to be posted as the outside platform would. */
export interface PostedWebhook {
  /** Who posts it; default Shopify. */
  readonly platform?: keyof typeof SIGN;
  readonly url: string;
  readonly secret: string;
  readonly topic: string;
  readonly shopDomain: string;
  /** Sent byte for byte. */
  readonly body: Uint8Array | string;
  /** Default new; give the same to send a delivery again. */
  readonly webhookId?: string;
  /** Default new. Shopify only. */
  readonly eventId?: string;
  /** Default now, RFC 3339. Shopify only. */
  readonly triggeredAt?: string;
  /** Signs with another secret, as somebody who does not know ours. */
  readonly badSignature?: boolean;
}

/** What came back. */
export interface WebhookAnswer {
  readonly status: number;
  readonly ms: number;
  readonly text: string;
}

// Shopify gives a webhook 5 s, Shoplazza 3; twice that here, so that a slow answer is seen as slow and not as none.
const PATIENCE_MS = 10_000;

type Signed = Pick<Required<PostedWebhook>, 'topic' | 'shopDomain' | 'webhookId' | 'eventId' | 'triggeredAt'>;

const SIGN = {
  shopify: signShopifyWebhook,
  shoplazza: (body: Uint8Array | string, secret: string, { webhookId, ...webhook }: Signed) => signShoplazzaWebhook(body, secret, { ...webhook, deduplicationId: webhookId }),
} as const;

/** Signs and posts a webhook. Throws what `fetch` throws when nobody answers. */
export async function postWebhook(webhook: PostedWebhook): Promise<WebhookAnswer> {
  const { platform = 'shopify', url, secret, topic, shopDomain, body, badSignature = false } = webhook;
  const headers = SIGN[platform](body, badSignature ? `not ${secret}` : secret, {
    topic,
    shopDomain,
    webhookId: webhook.webhookId ?? randomUUID(),
    eventId: webhook.eventId ?? randomUUID(),
    triggeredAt: webhook.triggeredAt ?? new Date().toISOString(),
  });
  const startedAt = performance.now();
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'User-Agent': 'QuanyuSandbox/1.0', ...headers },
    body,
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  const text = await answer.text();
  return { status: answer.status, ms: performance.now() - startedAt, text };
}
