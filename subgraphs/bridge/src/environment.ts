import { readSubgraphSettings, type SubgraphSettings } from '@quanyu/subgraph';

/** Settings of a process of this subgraph when it runs alone. */
export const readEnvironment = (): SubgraphSettings => readSubgraphSettings('bridge', process.env);

/** Settings of the channels, for all of them and for each. */
export interface ChannelEnvironment {
  /** All calls to platforms go to this origin: a sandbox, or a proxy at the border. */
  readonly via: string | null;
  /** Where the outside reaches us, for addresses that we give to platforms; null where nobody has said. */
  readonly publicUrl: string | null;
  /** Our app on a platform: `SHOPIFY_CLIENT_ID`, `SHOPIFY_CLIENT_SECRET`, and where they differ `SHOPIFY_SCOPES`; `SHOPLAZZA_OAUTH_HOST` is SHOP or PARTNERS. Null where there is none. */
  appOf(platform: string): { readonly clientId: string; readonly clientSecret: string; readonly scopes: string | null; readonly host: string } | null;
  /** Shops of a platform may let our app in without being asked to by anybody here, `SHOPLAZZA_PUBLIC_INSTALL=true`: a merchant is made for each. */
  isInstallPublic(platform: string): boolean;
  /** Platforms that are switched off as a whole: `SHOPIFY_INTEGRATION=false`. */
  isSwitchedOff(platform: string): boolean;
}

/** @throws Error in a sentence when a setting is wrong */
export function channelEnvironment(env: NodeJS.ProcessEnv = process.env): ChannelEnvironment {
  const via = env['CHANNELS_VIA'] ?? '';
  if (via !== '' && !URL.canParse(via)) throw new Error('CHANNELS_VIA is not an address such as http://127.0.0.1:4100.');
  const publicUrl = env['PUBLIC_URL'] ?? '';
  if (publicUrl !== '' && !/^https:\/\/[^/?#]+$/.test(publicUrl)) throw new Error('PUBLIC_URL is not an address such as https://shop.example.com, without a path.');
  return { via: via === '' ? null : via, publicUrl: publicUrl === '' ? null : publicUrl, appOf: (platform) => appOf(env, platform), isInstallPublic: (platform) => env[`${platform}_PUBLIC_INSTALL`] === 'true', isSwitchedOff: (platform) => env[`${platform}_INTEGRATION`] === 'false' };
}

/** Where mail goes out: `SMTP_URL` (`smtps://user:password@mail.example.com`) and `MAIL_FROM`; null where nobody has said. @throws Error in a sentence when a setting is wrong */
export function mailSettings(env: NodeJS.ProcessEnv = process.env): { readonly url: string; readonly from: string } | null {
  const { SMTP_URL: url = '', MAIL_FROM: from = '' } = env;
  if (url === '') return null;
  if (!URL.canParse(url) || !/^smtps?:$/.test(new URL(url).protocol)) throw new Error('SMTP_URL is not an address such as smtps://user:password@mail.example.com.');
  if (!/^[^\r\n]*[\w.+-]+@[\w.-]+>?$/.test(from)) throw new Error('MAIL_FROM is not an address such as shop@example.com; without it no mail goes out.');
  return { url, from };
}

/** Our account for short messages: `SMS_ALIYUN_ACCESS_KEY_ID`, `_ACCESS_KEY_SECRET`, `_SIGN_NAME` and `_TEMPLATE` (variables `code` and `state`); null where one is missing. */
export function smsSettings(env: NodeJS.ProcessEnv = process.env): { readonly accessKeyId: string; readonly accessKeySecret: string; readonly signName: string; readonly template: string } | null {
  const [accessKeyId = '', accessKeySecret = '', signName = '', template = ''] = ['ACCESS_KEY_ID', 'ACCESS_KEY_SECRET', 'SIGN_NAME', 'TEMPLATE'].map((name) => env[`SMS_ALIYUN_${name}`] ?? '');
  return [accessKeyId, accessKeySecret, signName, template].includes('') ? null : { accessKeyId, accessKeySecret, signName, template };
}

function appOf(env: NodeJS.ProcessEnv, platform: string): ReturnType<ChannelEnvironment['appOf']> {
  const [clientId = '', clientSecret = '', scopes = '', host = ''] = ['CLIENT_ID', 'CLIENT_SECRET', 'SCOPES', 'OAUTH_HOST'].map((name) => env[`${platform}_${name}`] ?? '');
  return clientId === '' || clientSecret === '' ? null : { clientId, clientSecret, scopes: scopes === '' ? null : scopes, host: host === 'PARTNERS' ? 'PARTNERS' : 'SHOP' };
}
