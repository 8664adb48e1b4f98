import { newId } from '@quanyu/ids';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { log } from '@quanyu/telemetry';
import type { Express, Request, Response } from 'express';
import { CHANNELS, platformOf, slugOf, type Platform } from '../channels/channels.js';
import type { Connector } from '../channels/connector.js';
import type { OAuthApp } from '../channels/port/oauth.js';
import { isQuerySigned } from '../channels/signing/oauth-signature.js';
import { newSecret } from '../commands/connections/begin-install.js';
import { beginAtPlatform, finishInstall, spendState, takeTicket } from '../commands/connections/finish-install.js';
import { channelEnvironment, type ChannelEnvironment } from '../environment.js';
import { OAUTH_ERRORS, type OAuthErrorCode } from '../errors.js';
import { PlatformError } from '../outbound/platform-error.js';
import { Shops } from '../outbound/shops.js';
import { installPage, refusalPage } from './oauth-page.js';

const COOKIE = 'quanyu_oauth';
const DRIFT_SECONDS = 300;
/** Documents of Shoplazza name these paths. */
const WITHOUT_PLATFORM = 'shoplazza';

type Step = (request: Request, response: Response, platform: Platform, app: OAuthApp) => Promise<OAuthErrorCode | null>;

/** Mounts `/oauth/<platform>/install` and `/callback`: a person's browser goes to the platform and comes back with a code. */
export function oauth(app: Express, deps: SubgraphDeps, shops = new Shops(channelEnvironment()), environment = channelEnvironment()): void {
  const steps: Readonly<Record<'install' | 'callback', Step>> = {
    install: (request, response, platform, our) => install(deps, environment.isInstallPublic(platform), request, response, platform, our),
    callback: (request, response, platform, our) => callback(deps, shops, request, response, platform, our),
  };
  for (const [name, step] of Object.entries(steps)) {
    for (const path of [`/oauth/${name}`, `/oauth/:slug/${name}`]) {
      app.get(path, async (request, response) => {
        const slug = (request.params as Record<string, string | undefined>)['slug'] ?? WITHOUT_PLATFORM;
        const refusal = await take(environment, step, slug, request, response).catch((error: unknown) => {
          log.error('installation failed', { channel: slug, step: name, error });
          return error instanceof PlatformError && !error.passing ? 'CODE_REFUSED' as const : 'UNAVAILABLE' as const;
        });
        if (refusal !== null) refuse(request, response, refusal);
      });
    }
  }
}

async function take(environment: ChannelEnvironment, step: Step, slug: string, request: Request, response: Response): Promise<OAuthErrorCode | null> {
  const platform = platformOf(slug);
  const connector: Connector | null = platform === undefined ? null : CHANNELS[platform].connector;
  const app = platform === undefined ? null : environment.appOf(platform);
  if (platform === undefined || connector?.oauth === undefined || app === null || environment.publicUrl === null) return 'PLATFORM_UNKNOWN';
  return step(request, response, platform, { ...app, scopes: app.scopes ?? connector.oauth.scopes, redirectUri: `${environment.publicUrl}/oauth/${slugOf(platform)}/callback` });
}

const texts = (request: Request): Readonly<Record<string, string>> => Object.fromEntries(Object.entries(request.query).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])));

/** From the console with a ticket. Without one nobody has said for whom the shop is to be connected: only where a setting lets strangers in it gets a merchant of its own. */
async function install(deps: SubgraphDeps, isPublic: boolean, request: Request, response: Response, platform: Platform, app: OAuthApp): Promise<OAuthErrorCode | null> {
  const { ticket = '', shop = '' } = texts(request);
  if (ticket === '' && !isPublic) return 'TICKET_MISSING';
  const browser = newSecret();
  const shopDomain = ticket === '' ? CHANNELS[platform].shopDomainOf(shop) : (await takeTicket(deps, platform, ticket, browser))?.shopDomain ?? null;
  if (shopDomain === null) return ticket === '' ? 'REQUEST_INVALID' : 'TICKET_OVER';
  const state = ticket === '' ? await beginAtPlatform(deps, platform, shopDomain, browser) : ticket;
  response.cookie(COOKIE, browser, { httpOnly: true, secure: true, sameSite: 'lax', path: '/oauth', maxAge: 15 * 60_000 });
  response.set('cache-control', 'no-store').redirect(302, CHANNELS[platform].connector!.oauth!.authorizeUrl(app, shopDomain, state));
  return null;
}

async function callback(deps: SubgraphDeps, shops: Shops, request: Request, response: Response, platform: Platform, app: OAuthApp): Promise<OAuthErrorCode | null> {
  const query = texts(request);
  const { code = '', state = '', shop = '', timestamp } = query;
  const shopDomain = CHANNELS[platform].shopDomainOf(shop);
  if (shopDomain === null || code === '' || state === '' || code.length > 512) return 'REQUEST_INVALID';
  if (!isQuerySigned(query, [app.clientSecret])) return 'SIGNATURE_INVALID';
  if (timestamp !== undefined && !(Math.abs(Date.now() / 1000 - Number(timestamp)) <= DRIFT_SECONDS)) return 'SIGNATURE_INVALID';
  const begun = await spendState(deps, platform, { state, shopDomain, browser: cookieOf(request) });
  if (begun === null) return 'TICKET_OVER';
  const finished = await finishInstall(deps, shops, platform, begun, app, code);
  if (finished === null) return 'TENANT_DELETED';
  const { granted } = finished;
  response.clearCookie(COOKIE, { path: '/oauth' }).set({ 'cache-control': 'no-store', 'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'", 'referrer-policy': 'no-referrer' });
  response.status(200).type('html').send(installPage(granted.shopName, granted.locale ?? languageOf(request)));
  return null;
}

function cookieOf(request: Request): string {
  const found = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim().split('=')).find(([name]) => name === COOKIE);
  return found?.[1] ?? '';
}

const languageOf = (request: Request): string => request.acceptsLanguages('en', 'zh-CN', 'zh') || 'en';

function refuse(request: Request, response: Response, code: OAuthErrorCode): void {
  const { status, ...messages } = OAUTH_ERRORS[code];
  const language = languageOf(request) === 'en' ? 'en' : 'zh-CN';
  response.status(status).set('cache-control', 'no-store').type('html').send(refusalPage(messages[language], language, `${code} ${newId('req')}`));
}
