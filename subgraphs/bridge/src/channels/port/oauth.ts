import type { Line } from '../../outbound/outbound.js';

/** Our app on a platform. */
export interface OAuthApp { readonly clientId: string; readonly clientSecret: string; readonly scopes: string; readonly redirectUri: string; /** Where it is authorised, on platforms that know two places. */ readonly host: string }

/** What an authorisation gave: settings and secrets of the account, and until when. */
export interface Granted {
  readonly settings: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
  readonly expiresAt: Date | null;
  readonly shopName: string;
  /** The shop's language, `zh-CN`; null where the platform does not say. */
  readonly locale: string | null;
}

/** How a shop lets our app in. */
export interface OAuth {
  /** Asked for when no setting says otherwise. */
  readonly scopes: string;
  authorizeUrl(app: OAuthApp, shopDomain: string, state: string): string;
  exchange(context: { readonly line: Line; now(): Date }, app: OAuthApp, shopDomain: string, code: string): Promise<Granted>;
}
