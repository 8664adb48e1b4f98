import { PlatformError } from '../../outbound/platform-error.js';
import { askJson } from '../asking/ask-json.js';
import type { OAuth } from '../port/oauth.js';

/** Where codes and refresh tokens become tokens: documents name both places, and a setting chooses. */
export const tokenUrl = (host: string, shopDomain: string): string => (host === 'PARTNERS' ? 'https://partners.shoplazza.com/partner/oauth/token' : `https://${shopDomain}/admin/oauth/token`);
const authorizeAt = (host: string, shopDomain: string): string => (host === 'PARTNERS' ? 'https://partners.shoplazza.com/partner/oauth/authorize' : `https://${shopDomain}/admin/oauth/authorize`);

interface Tokens { readonly access_token?: string; readonly refresh_token?: string; readonly expires_in?: string; readonly store_id?: string; readonly store_name?: string; readonly locale?: string }

export const shoplazzaOAuth: OAuth = {
  // What some documents call read_tenant is the customers' scope.
  scopes: 'read_shop read_product read_order write_order read_customer write_product read_app_proxy',
  authorizeUrl: ({ clientId, scopes, redirectUri, host }, shopDomain, state) =>
    `${authorizeAt(host, shopDomain)}?${new URLSearchParams({ client_id: clientId, scope: scopes, redirect_uri: redirectUri, response_type: 'code', state, ...(host === 'PARTNERS' && { shop: shopDomain }) }).toString()}`,
  exchange: async ({ line, now }, { clientId, clientSecret, redirectUri, host }, shopDomain, code) => {
    const { access_token: accessToken, refresh_token: refreshToken, expires_in: lives = '', store_id: storeId = '', store_name: shopName = shopDomain, locale = null } = await askJson({ line }, {
      // A code is good once: it is not sent again when its answer got lost.
      method: 'POST', url: tokenUrl(host, shopDomain), repeatable: false, json: { client_id: clientId, client_secret: clientSecret, code, grant_type: 'authorization_code', redirect_uri: redirectUri },
      refusal: ({ status }) => (status === 400 ? new PlatformError('CREDENTIALS_REFUSED', { status }) : undefined),
    }) as Tokens;
    if (!accessToken || !refreshToken || !/^\d{1,10}$/.test(lives)) throw new PlatformError('ANSWER_INVALID');
    return {
      settings: { clientId, oauthHost: host, storeId: /^\d{0,20}$/.test(storeId) ? storeId : '' }, secrets: { clientSecret, accessToken, refreshToken },
      expiresAt: new Date(now().getTime() + Number(lives) * 1000), shopName, locale,
    };
  },
};
