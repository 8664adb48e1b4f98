import { PlatformError } from '../../outbound/platform-error.js';
import { askJson } from '../asking/ask-json.js';
import type { OAuth } from '../port/oauth.js';

export const shopifyOAuth: OAuth = {
  scopes: 'write_products,write_orders,write_inventory,read_locations,read_fulfillments,write_merchant_managed_fulfillment_orders,read_customers',
  authorizeUrl: ({ clientId, scopes, redirectUri }, shopDomain, state) =>
    `https://${shopDomain}/admin/oauth/authorize?${new URLSearchParams({ client_id: clientId, scope: scopes, redirect_uri: redirectUri, state }).toString()}`,
  exchange: async ({ line }, { clientId, clientSecret }, shopDomain, code) => {
    const { access_token: accessToken } = await askJson({ line }, {
      method: 'POST', url: `https://${shopDomain}/admin/oauth/access_token`, repeatable: false, json: { client_id: clientId, client_secret: clientSecret, code },
      refusal: ({ status }) => (status === 400 ? new PlatformError('CREDENTIALS_REFUSED', { status }) : undefined),
    }) as { access_token?: string };
    if (!accessToken) throw new PlatformError('ANSWER_INVALID');
    // An offline token has no end.
    return { settings: {}, secrets: { accessToken }, expiresAt: null, shopName: shopDomain.split('.')[0]!, locale: null };
  },
};
