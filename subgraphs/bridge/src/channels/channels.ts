import type { Channel } from './channel.js';
import { alipay } from './alipay/alipay.js';
import { douyin } from './douyin/douyin.js';
import { kdniao } from './kdniao/kdniao.js';
import { kuaidi100 } from './kuaidi100/kuaidi100.js';
import { pinduoduo } from './pinduoduo/pinduoduo.js';
import { sftp } from './sftp/sftp.js';
import { shipstation } from './shipstation/shipstation.js';
import { shipstationV2 } from './shipstation-v2/shipstation-v2.js';
import { shopify } from './shopify/shopify.js';
import { shoplazza } from './shoplazza/shoplazza.js';
import { stripe } from './stripe/stripe.js';
import { taobao } from './taobao/taobao.js';
import { unionpay } from './unionpay/unionpay.js';
import { wechat } from './wechat/wechat.js';
import { xiaohongshu } from './xiaohongshu/xiaohongshu.js';
import { zoho } from './zoho/zoho.js';

/** All platforms: a new one is a folder and a line here. Its key in lower case is its segment in the webhook's path. */
export const CHANNELS = {
  SHOPIFY: shopify,
  SHOPLAZZA: shoplazza,
  TAOBAO: taobao,
  SHIPSTATION: shipstation,
  SHIPSTATION_V2: shipstationV2,
  ZOHO: zoho,
  DOUYIN: douyin,
  PINDUODUO: pinduoduo,
  XIAOHONGSHU: xiaohongshu,
  WECHAT: wechat,
  ALIPAY: alipay,
  STRIPE: stripe,
  UNIONPAY: unionpay,
  KUAIDI100: kuaidi100,
  KDNIAO: kdniao,
  SFTP: sftp,
} as const satisfies Readonly<Record<string, Channel>>;

export type Platform = keyof typeof CHANNELS;
export const PLATFORMS = Object.keys(CHANNELS) as Platform[];

export const slugOf = (platform: Platform): string => platform.toLowerCase();
export const platformOf = (slug: string): Platform | undefined => PLATFORMS.find((platform) => slugOf(platform) === slug);
