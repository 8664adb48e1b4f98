import { douyinStage } from './douyin/stage.js';
import { pinduoduoStage } from './pinduoduo/stage.js';
import { shipstationV2Stage } from './shipstation-v2/stage.js';
import { shipstationStage } from './shipstation/stage.js';
import { alipayStage } from './alipay/stage.js';
import { kdniaoStage } from './kdniao/stage.js';
import { kuaidi100Stage } from './kuaidi100/stage.js';
import { sftpStage } from './sftp/stage.js';
import { shopifyStage } from './shopify/stage.js';
import type { Stage } from './stage.js';
import { shoplazzaStage } from './shoplazza/stage.js';
import { stripeStage } from './stripe/stage.js';
import { taobaoStage } from './taobao/stage.js';
import { unionpayStage } from './unionpay/stage.js';
import { wechatStage } from './wechat/stage.js';
import { xiaohongshuStage } from './xiaohongshu/stage.js';
import { zohoStage } from './zoho/stage.js';

/** A fresh stage of each platform, by the name under which the product knows it. A new platform is a folder and a line here. */
export const STAGES: Readonly<Record<string, (shopDomain?: string) => Stage>> = {
  SHOPIFY: shopifyStage,
  SHOPLAZZA: shoplazzaStage,
  TAOBAO: taobaoStage,
  SHIPSTATION: shipstationStage,
  SHIPSTATION_V2: shipstationV2Stage,
  ZOHO: zohoStage,
  DOUYIN: douyinStage,
  PINDUODUO: pinduoduoStage,
  XIAOHONGSHU: xiaohongshuStage,
  WECHAT: wechatStage,
  ALIPAY: alipayStage,
  STRIPE: stripeStage,
  UNIONPAY: unionpayStage,
  KUAIDI100: kuaidi100Stage,
  KDNIAO: kdniaoStage,
  SFTP: sftpStage,
};
