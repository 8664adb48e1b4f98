export { postWebhook, type PostedWebhook, type WebhookAnswer } from './post-webhook.js';
export { signShopifyWebhook, type ShopifyWebhook } from './shopify/sign-webhook.js';
export { shopifyOrder, type ShopifyOrderBody } from './shopify/order-body.js';
export type {
  ShopifyAddressInput, ShopifyCustomerInput, ShopifyFinancialStatus, ShopifyLineInput, ShopifyOrderInput, ShopifyTaxInput,
} from './shopify/order-input.js';
export { SHOPIFY_FIXTURES, shopifyFixture, type ShopifyFixture } from './shopify/fixtures.js';
export { signShoplazzaWebhook, type ShoplazzaWebhook } from './shoplazza/sign-webhook.js';
export { shoplazzaOrder, type ShoplazzaOrderBody } from './shoplazza/order-body.js';
export type {
  ShoplazzaAddressInput, ShoplazzaCustomerInput, ShoplazzaFinancialStatus, ShoplazzaFulfillmentStatus, ShoplazzaLineInput, ShoplazzaOrderInput,
} from './shoplazza/order-input.js';
export { SHOPLAZZA_FIXTURES, shoplazzaFixture, type ShoplazzaFixture } from './shoplazza/fixtures.js';
export { sendWebhook, type SendWebhookIo } from './send-webhook/send-webhook.js';
export { startSandbox, type Fault, type Sandbox, type SandboxPlatform, type SandboxRequest, type SandboxResponse } from './server/sandbox.js';
export { shopifySandbox } from './shopify/admin-api.js';
export { ShopifyShop } from './shopify/shop.js';
export { TaobaoShop } from './taobao/shop.js';
export { taobaoSandbox } from './taobao/top-gateway.js';
export type { TradeInput } from './taobao/trade.js';
export type { Stage, StagedBillLine, StagedOrder, StagedParcel, StagedProduct, StagedPush } from './stage.js';
export { STAGES } from './stages.js';
export { ZohoOrganisation, zohoSandbox } from './zoho/organisation.js';
export { ShipStationAccount, shipstationSandbox } from './shipstation/account.js';
export { DouyinShop, douyinSandbox } from './douyin/shop.js';
export { PinduoduoShop, pinduoduoSandbox } from './pinduoduo/shop.js';
export { XiaohongshuShop, xiaohongshuSandbox } from './xiaohongshu/shop.js';
export { ShoplazzaShop, shoplazzaSandbox } from './shoplazza/shop.js';
export { WechatMerchant, wechatSandbox } from './wechat/merchant.js';
export { AlipayMerchant, alipaySandbox } from './alipay/merchant.js';
export { UnionpayMerchant, unionpaySandbox } from './unionpay/merchant.js';
export { unionpayStage } from './unionpay/stage.js';
export { StripeAccount, stripeSandbox } from './stripe/account.js';
export { FileServer, sftpSandbox } from './sftp/file-server.js';
export { fingerprintOf, orderCsv, sftpStage } from './sftp/stage.js';
export { testKeys } from './test-keys.js';
export { gbk } from './gbk.js';
export { zip } from './zip.js';
