import type { ErrorEntry } from '@quanyu/subgraph';

export const BRIDGE_ERRORS = {
  NAME_INVALID: { en: 'A channel has a name of 1 to 100 characters.', 'zh-CN': '渠道名称须为 1 至 100 个字符。', retryable: false },
  SHOP_DOMAIN_INVALID: { en: 'This is not a shop of the platform; give its address there, without https:// and path.', 'zh-CN': '这不是该平台的店铺；请填写店铺在平台上的域名，不含 https:// 与路径。', retryable: false },
  SHOP_ALREADY_CONNECTED: { en: 'This shop is connected already.', 'zh-CN': '该店铺已连接。', retryable: false },
  WEBHOOK_SECRET_INVALID: { en: 'A signing secret has 16 to 255 visible ASCII characters.', 'zh-CN': '签名密钥须为 16 至 255 个可见 ASCII 字符。', retryable: false },
  WEBHOOK_SECRET_UNCHANGED: { en: 'This secret is in use already.', 'zh-CN': '该密钥正在使用。', retryable: false },
  CHANNEL_NOT_FOUND: { en: 'There is no such channel.', 'zh-CN': '渠道不存在。', retryable: false },
  NO_API: { en: 'This platform only sends webhooks so far; there is nothing to fill in.', 'zh-CN': '该平台目前仅接收推送，无需填写接口账号。', retryable: false },
  SHOP_DOMAIN_MISSING: { en: 'This channel was connected without the address of its shop; connect the shop with it.', 'zh-CN': '该渠道连接时未填写店铺域名，请重新连接并填写。', retryable: false },
  ACCOUNT_FIELD_INVALID: { en: 'This field is missing, unknown or not of its form.', 'zh-CN': '该字段缺失、未知或格式不正确。', retryable: false },
  ACCOUNT_MISSING: { en: 'Fill in what opens the shop first.', 'zh-CN': '请先填写店铺接口账号。', retryable: false },
  REASON_INVALID: { en: 'Say why, in 1 to 200 characters.', 'zh-CN': '请填写原因，1 至 200 个字符。', retryable: false },
  LOCALE_INVALID: { en: 'This is no language such as zh-CN.', 'zh-CN': '语言代码无效，例如 zh-CN。', retryable: false },
  CURRENCY_INVALID: { en: 'This is no currency of ISO 4217.', 'zh-CN': '货币代码无效（ISO 4217）。', retryable: false },
  TIME_ZONE_INVALID: { en: 'This is no time zone such as Asia/Shanghai.', 'zh-CN': '时区无效，例如 Asia/Shanghai。', retryable: false },
  FLOW_NOT_POSSIBLE: { en: 'This platform cannot be given that.', 'zh-CN': '该平台不支持此项推送。', retryable: false },
  SHOP_UNREACHABLE: { en: 'The platform does not answer now.', 'zh-CN': '平台暂时没有响应。', retryable: true },
  SHOP_REFUSES: { en: 'The platform refuses the key; make a new one there and fill it in.', 'zh-CN': '平台拒绝该密钥，请在平台重新生成后填写。', retryable: false },
  INSTALL_NOT_POSSIBLE: { en: 'Our app is not set up for this platform here; fill in a key instead.', 'zh-CN': '此处未配置该平台的应用，请改为填写接口密钥。', retryable: false },
  ENDPOINT_URL_INVALID: { en: 'An address is https, without a port or a name in it; one of Slack is of hooks.slack.com, one of Klaviyo of a.klaviyo.com. Mail goes to an e-mail address, short messages to a phone.', 'zh-CN': '地址须为 https，不含端口与用户名；Slack 须为 hooks.slack.com，Klaviyo 须为 a.klaviyo.com；邮件须填邮箱，短信须填手机号。', retryable: false },
  API_KEY_INVALID: { en: 'Klaviyo is asked with a private key of 8 to 255 visible characters; others with none.', 'zh-CN': 'Klaviyo 须填写 8 至 255 个可见字符的私钥，其他类型无需填写。', retryable: false },
  TOPICS_INVALID: { en: 'Say of what it is to be told: at least one topic.', 'zh-CN': '请至少选择一个主题。', retryable: false },
  DOCUMENT_INVALID: { en: 'A document is one subscription on the graph of partners, without arguments at its root, of fields that the key may see; it comes with the key whose rights it has, by Standard Webhooks, and all of its topics are about the one type that its root gives: orders, stock levels or products.', 'zh-CN': '订阅文档须为合作方公开图上的单个订阅，根字段不带参数，且所选字段均在密钥权限内；须同时指定密钥，仅支持 Standard Webhooks；其所有主题须与根字段的类型一致：订单、库存或商品。', retryable: false },
  GATEWAY_UNAVAILABLE: { en: 'The graph cannot look at the document now.', 'zh-CN': '暂时无法校验订阅文档。', retryable: true },
  TOO_MANY_ENDPOINTS: { en: 'There are fifty addresses already.', 'zh-CN': '地址数量已达 50 个上限。', retryable: false },
  ENDPOINT_NOT_FOUND: { en: 'There is no such address, or it has no secret.', 'zh-CN': '地址不存在，或没有签名密钥。', retryable: false },
  MESSAGE_NOT_FOUND: { en: 'There is no such message, or it still waits.', 'zh-CN': '消息不存在，或仍在等待发送。', retryable: false },
  FILTER_EMPTY: { en: 'Say which outcomes: at least one.', 'zh-CN': '请至少选择一种结果。', retryable: false },
  DELIVERY_NOT_FOUND: { en: 'There is no such delivery.', 'zh-CN': '推送记录不存在。', retryable: false },
  DELIVERY_IN_PROGRESS: { en: 'This delivery is being worked on.', 'zh-CN': '该推送正在处理。', retryable: true },
  DELIVERY_BODY_GONE: { en: 'The body of this delivery has been removed; bodies are kept for 90 days.', 'zh-CN': '推送内容已删除，仅保留 90 天。', retryable: false },
  ALERT_NOT_FOUND: { en: 'There is no such alert.', 'zh-CN': '告警不存在。', retryable: false },
  NOT_PARKED: { en: 'This event does not wait there, or not any more.', 'zh-CN': '该事件未在此搁置，或已处理。', retryable: false },
  STILL_FAILING: { en: 'The event, or an earlier one of its subject, has failed again; it goes on waiting.', 'zh-CN': '该事件或同一主题的更早事件再次失败，仍在搁置。', retryable: true },
  SUBGRAPH_UNAVAILABLE: { en: 'That part of the product does not answer now.', 'zh-CN': '该服务暂时没有响应。', retryable: true },
} as const satisfies Record<string, ErrorEntry>;

export type BridgeErrorCode = keyof typeof BRIDGE_ERRORS;

/** What the webhook door answers when it does not take a delivery. */
export const WEBHOOK_ERRORS = {
  CHANNEL_NOT_FOUND: { status: 404, en: 'No channel listens here.', 'zh-CN': '此地址没有渠道。' },
  SIGNATURE_INVALID: { status: 401, en: 'The signature is missing or wrong.', 'zh-CN': '签名缺失或错误。' },
  BODY_TOO_LARGE: { status: 413, en: 'A webhook has at most 4 MiB.', 'zh-CN': '推送内容不得超过 4 MiB。' },
  CONTENT_ENCODING_UNSUPPORTED: { status: 415, en: 'A webhook is sent without content encoding.', 'zh-CN': '不支持压缩的推送内容。' },
  REQUEST_INVALID: { status: 400, en: 'The request cannot be read.', 'zh-CN': '请求无法读取。' },
  UNAVAILABLE: { status: 503, en: 'The delivery could not be stored; send it again.', 'zh-CN': '暂时无法保存，请重新推送。' },
} as const;

export type WebhookErrorCode = keyof typeof WEBHOOK_ERRORS;

/** What a person is told who could not connect a shop in the browser. */
export const OAUTH_ERRORS = {
  PLATFORM_UNKNOWN: { status: 404, en: 'Our app is not set up for this platform here.', 'zh-CN': '此处未配置该平台的应用。' },
  TICKET_MISSING: { status: 400, en: 'Begin in the console: Channels, Connect a shop.', 'zh-CN': '请从控制台开始：渠道 → 连接店铺。' },
  TICKET_OVER: { status: 403, en: 'This link has been used, is over, or belongs to another browser or shop. Begin again in the console.', 'zh-CN': '链接已使用、已过期，或属于其他浏览器或店铺，请从控制台重新开始。' },
  REQUEST_INVALID: { status: 400, en: 'The platform has sent us something that we cannot read.', 'zh-CN': '无法识别平台返回的内容。' },
  SIGNATURE_INVALID: { status: 403, en: 'This does not come from the platform, or is too old.', 'zh-CN': '请求并非来自平台，或已过期。' },
  CODE_REFUSED: { status: 502, en: 'The platform did not accept its own code. Begin again in the console.', 'zh-CN': '平台未接受授权码，请从控制台重新开始。' },
  TENANT_DELETED: { status: 403, en: 'The merchant of this shop is closed. Ask whoever runs this house.', 'zh-CN': '该店铺所属商户已关闭，请联系平台运营方。' },
  UNAVAILABLE: { status: 503, en: 'The platform does not answer now. Begin again in some minutes.', 'zh-CN': '平台暂时没有响应，请几分钟后重新开始。' },
} as const;

export type OAuthErrorCode = keyof typeof OAUTH_ERRORS;
