import type { ClientContext, EnsuredWebhooks } from '../connector.js';
import { ensureTopics } from '../asking/ensure-topics.js';
import { ask, refuseUserErrors } from './graph.js';
import { TOPICS } from './topics.js';

const LIST = 'query Webhooks($after: String) { webhookSubscriptions(first: 100, after: $after) { pageInfo { hasNextPage endCursor } nodes { topic endpoint { __typename ... on WebhookHttpEndpoint { callbackUrl } } } } }';
const CREATE = `mutation Register($topic: WebhookSubscriptionTopic!, $webhookSubscription: WebhookSubscriptionInput!) {
  webhookSubscriptionCreate(topic: $topic, webhookSubscription: $webhookSubscription) { userErrors { field message } }
}`;

interface Subscriptions { readonly webhookSubscriptions: { readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }; readonly nodes: readonly { readonly topic: string; readonly endpoint: { readonly callbackUrl?: string } }[] } }

/** `orders/create` is `ORDERS_CREATE` there. */
const nameOf = (topic: string): string => topic.replace('/', '_').toUpperCase();

/** Has Shopify push our topics to this address. After eight failures in a row it ends a subscription. */
export async function ensureWebhooks(context: ClientContext, address: string): Promise<EnsuredWebhooks> {
  const there = new Set<string>();
  for (let after: string | null = null, more = true; more;) {
    const { data: { webhookSubscriptions: { nodes, pageInfo } } }: { data: Subscriptions } = await ask<Subscriptions>(context, LIST, { after }, { points: 100, repeatable: true });
    for (const { topic, endpoint } of nodes) if (endpoint.callbackUrl === address) there.add(topic);
    after = pageInfo.endCursor;
    more = pageInfo.hasNextPage;
  }
  return ensureTopics(Object.keys(TOPICS), (topic) => there.has(nameOf(topic)), async (topic) => {
    const { data } = await ask<{ webhookSubscriptionCreate: { userErrors: { code?: string }[] } }>(context, CREATE, { topic: nameOf(topic), webhookSubscription: { callbackUrl: address, format: 'JSON' } }, { points: 10, repeatable: true });
    refuseUserErrors(data.webhookSubscriptionCreate.userErrors);
  });
}
