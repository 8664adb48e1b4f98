// What a person is alerted about, how badly, and in which words. One open alert for each cause; more of the same only count.

export type Severity = 'WARNING' | 'CRITICAL';
export type Params = Readonly<Record<string, string | number>>;

interface Entry {
  readonly severity: Severity;
  readonly en: (params: Params) => string;
  readonly 'zh-CN': (params: Params) => string;
}

export const ALERTS = {
  UNKNOWN_SKU: {
    severity: 'WARNING',
    en: ({ subjects }) => `An order names goods that we do not know: ${subjects}. Map them to a SKU and it goes on.`,
    'zh-CN': ({ subjects }) => `订单含有未知商品：${subjects}。映射 SKU 后将继续处理。`,
  },
  STOCK_SHORT: {
    severity: 'WARNING',
    en: ({ subjects }) => `An order cannot be held, stock is short: ${subjects}.`,
    'zh-CN': ({ subjects }) => `订单库存不足：${subjects}。`,
  },
  LINES_CHANGED: {
    severity: 'WARNING',
    en: ({ subjects }) => `The channel changed the lines of an order after stock was held: ${subjects}.`,
    'zh-CN': ({ subjects }) => `渠道在占用库存后修改了订单行：${subjects}。`,
  },
  NO_LINES: {
    severity: 'WARNING',
    en: () => 'An order came without a line. Look at it in the shop; it goes on when the shop tells its lines.',
    'zh-CN': () => '收到没有商品行的订单，请在店铺核对；店铺更新后将继续处理。',
  },
  BAD_QUANTITY: {
    severity: 'WARNING',
    en: ({ subjects }) => `An order asks for a quantity that cannot be: ${subjects}. It is kept, and waits.`,
    'zh-CN': ({ subjects }) => `订单数量异常：${subjects}，订单已保留并等待处理。`,
  },
  PAYMENT_DIFFERS: {
    severity: 'CRITICAL',
    en: ({ subjects }) => `What was paid for an order is not what it costs: ${subjects}.`,
    'zh-CN': ({ subjects }) => `订单实付金额与应付不符：${subjects}。`,
  },
  SHIPPED_EARLY: {
    severity: 'WARNING',
    en: () => 'The channel has sent an order for which we hold no stock.',
    'zh-CN': () => '渠道已发货，但该订单未占用库存。',
  },
  BAD_ADDRESS: {
    severity: 'WARNING',
    en: ({ subjects }) => `No parcel can be sent to the address of an order (${subjects}). Ask the buyer and correct it.`,
    'zh-CN': ({ subjects }) => `订单收货地址无法投递（${subjects}），请联系买家更正。`,
  },
  PRICE_BELOW_FLOOR: {
    severity: 'WARNING',
    en: ({ subjects }) => `An order sells below the floor: ${subjects}. It is not shipped until somebody accepts it.`,
    'zh-CN': ({ subjects }) => `订单成交价低于最低售价：${subjects}，人工确认后方可发货。`,
  },
  SEND_SOON: {
    severity: 'WARNING',
    en: ({ subjects }) => `An order of a member with a year card is to be sent by ${subjects} and is not yet.`,
    'zh-CN': ({ subjects }) => `年卡会员订单须于 ${subjects} 前发出，目前尚未发货。`,
  },
  ORDERS_MISSING: {
    severity: 'WARNING',
    en: ({ missing, open, repair }) => `${missing} of ${open} open orders of the shop are not known here. ${repair === 'on' ? 'They are being read again.' : 'Reading them again by itself is switched off.'}`,
    'zh-CN': ({ missing, open, repair }) => `店铺 ${open} 个未完结订单中有 ${missing} 个未入库。${repair === 'on' ? '正在自动补拉。' : '自动补拉已关闭。'}`,
  },
  MANY_ORDERS_MISSING: {
    severity: 'CRITICAL',
    en: ({ missing, open, repair }) => `${missing} of ${open} open orders of the shop are not known here: more than 20, or more than 5 %. ${repair === 'on' ? 'They are being read again; look at the connection.' : 'Reading them again by itself is switched off: look at it now.'}`,
    'zh-CN': ({ missing, open, repair }) => `店铺 ${open} 个未完结订单中有 ${missing} 个未入库（超过 20 个或 5%）。${repair === 'on' ? '正在自动补拉，请检查连接。' : '自动补拉已关闭，请立即处理。'}`,
  },
  DELIVERY_DEAD: {
    severity: 'WARNING',
    en: ({ reason, deliveryId }) => `A webhook cannot be understood (${reason}); the last one is ${deliveryId}. Look at it and replay it.`,
    'zh-CN': ({ reason, deliveryId }) => `推送无法处理（${reason}），最近一条为 ${deliveryId}。请查看并重放。`,
  },
  CHANNEL_UNINSTALLED: {
    severity: 'CRITICAL',
    en: () => 'The shop has removed our app: no orders come from it any more. The channel has been disabled.',
    'zh-CN': () => '店铺已卸载应用，不再接收其订单，渠道已停用。',
  },
  CHANNEL_READ_FAILING: {
    severity: 'WARNING',
    en: ({ reason, times }) => `The shop could not be read ${times} times in a row (${reason}). Reading goes on where it stopped as soon as it answers.`,
    'zh-CN': ({ reason, times }) => `店铺已连续 ${times} 次读取失败（${reason}），恢复后将从中断处继续。`,
  },
  CHANNEL_KEY_REFUSED: {
    severity: 'CRITICAL',
    en: () => 'The platform refuses our key to the shop: nothing is read or written. Fill in a new one.',
    'zh-CN': () => '平台拒绝店铺密钥，已无法读写，请填写新密钥。',
  },
  CHANNEL_HOST_KEY_CHANGED: {
    severity: 'CRITICAL',
    en: () => 'The server of files shows another key than the one it is known by: nothing is read or written. Ask who runs it whether it has a new one, and fill that in.',
    'zh-CN': () => '文件服务器的主机密钥与登记的不一致，已停止读写。请向对方核实，确认更换后填写新密钥。',
  },
  PARTNER_DOCUMENT_REFUSED: {
    severity: 'WARNING',
    en: ({ name, reason }) => `The document by which ${name} is told does not hold any more, and nothing is sent: ${reason}`,
    'zh-CN': ({ name, reason }) => `${name} 的推送订阅文档已失效，已停止推送：${reason}`,
  },
  PARTNER_UNREACHABLE: {
    severity: 'WARNING',
    en: ({ name }) => `The address "${name}" has taken nothing for five days and is not told any more. Mend it there, then switch it on again.`,
    'zh-CN': ({ name }) => `通知地址“${name}”已连续五天未接收，已停用；请修复后重新启用。`,
  },
  TRACKING_NOT_WRITTEN: {
    severity: 'WARNING',
    en: ({ reason, orderId }) => `A channel does not take the tracking number of a parcel (${reason}), the last one of order ${orderId}. Enter it there, or have it told again.`,
    'zh-CN': ({ reason, orderId }) => `渠道未接受物流单号回传（${reason}），最近一次为订单 ${orderId}，请在平台手工录入或重新回传。`,
  },
  ORDER_NOT_HANDED_OVER: {
    severity: 'CRITICAL',
    en: ({ reason, orderId }) => `A system that ships or counts orders for us does not take one, or does not give it back (${reason}), the last one ${orderId}. Look at it there, then retry.`,
    'zh-CN': ({ reason, orderId }) => `发货或库存系统未接受订单，或未能撤回（${reason}），最近一次为订单 ${orderId}，请在该系统核对后重试。`,
  },
  GIVEN_ORDERS_DIFFER: {
    severity: 'WARNING',
    en: ({ missing, unknown, orders }) => `Orders that were given to the system that ships for us are not there any more, or cancelled there (${missing}), or there and not in our list (${unknown}): ${orders}. Look at them there; nothing was written again.`,
    'zh-CN': ({ missing, unknown, orders }) => `与发货系统核对不一致：已推送但对方不存在或已取消 ${missing} 单，对方存在而本系统无映射 ${unknown} 单：${orders}。请在发货系统核对，系统未自动重推。`,
  },
  LABEL_TAKEN_BACK: {
    severity: 'WARNING',
    en: ({ trackingNumber }) => `The label ${trackingNumber} was taken back after its channel had been told of it. Tell the buyer the new number.`,
    'zh-CN': ({ trackingNumber }) => `面单 ${trackingNumber} 在回传渠道后被作废，请将新的物流单号告知买家。`,
  },
  BILL_MISSING: {
    severity: 'WARNING',
    en: ({ day, reason }) => `The bill of ${day} cannot be fetched or does not add up (${reason}). We go on trying; look at it on the platform.`,
    'zh-CN': ({ day, reason }) => `${day} 的账单无法下载或合计不符（${reason}），将继续尝试，请在平台核对。`,
  },
  WEBHOOKS_REFUSED: {
    severity: 'WARNING',
    en: ({ topics }) => `The platform does not push these topics to us: ${topics}. They are read by polling only.`,
    'zh-CN': ({ topics }) => `平台未能订阅以下推送：${topics}，目前仅靠定时读取。`,
  },
  CHANNEL_TOKEN_ENDING: {
    severity: 'WARNING',
    en: ({ reason }) => `The key to the shop ends soon and could not be renewed so far (${reason}). We go on trying.`,
    'zh-CN': ({ reason }) => `店铺密钥即将到期，暂未能续期（${reason}），将继续尝试。`,
  },
  LOW_STOCK: {
    severity: 'WARNING',
    en: ({ skuId, available, threshold }) => `Stock of ${skuId} runs low: ${available} can be sold, the threshold is ${threshold}.`,
    'zh-CN': ({ skuId, available, threshold }) => `${skuId} 库存不足：可售 ${available}，预警值 ${threshold}，请补货。`,
  },
  STOCK_DEFICIT: {
    severity: 'CRITICAL',
    en: ({ skuId, deficit, orders }) => `${deficit} units of ${skuId} are promised and not there. The newest orders that hold them: ${orders}. Release them or wait for goods.`,
    'zh-CN': ({ skuId, deficit, orders }) => `${skuId} 有 ${deficit} 件已承诺但缺货，最近占用的订单：${orders}，请释放或等待到货。`,
  },
  STOCK_DRIFT: {
    severity: 'WARNING',
    en: ({ skuId, ours, theirs, kind }) => `Stock of ${skuId} differs (${kind}): ${ours} here, ${theirs} there. Nothing was overwritten; look at it and repair it.`,
    'zh-CN': ({ skuId, ours, theirs, kind }) => `${skuId} 库存存在差异（${kind}）：本系统 ${ours}，对方 ${theirs}。未做覆盖，请核对并修复。`,
  },
  PUBLISH_FAILED: {
    severity: 'WARNING',
    en: ({ skuId, failureCode }) => `A channel does not take its stock figures (${failureCode}), the last one of ${skuId}. All of them are told again soon.`,
    'zh-CN': ({ skuId, failureCode }) => `渠道未接受库存同步（${failureCode}），最近一次为 ${skuId}，稍后将全量重发。`,
  },
  EVENT_PARKED: {
    severity: 'CRITICAL',
    en: ({ consumer, eventType, reason }) => `${consumer} could not take in ${eventType} (${reason}); it and later ones of its subject wait for a replay.`,
    'zh-CN': ({ consumer, eventType, reason }) => `${consumer} 无法处理事件 ${eventType}（${reason}），该主题的后续事件等待重放。`,
  },
  PUSH_WOULD_LEAK: {
    severity: 'CRITICAL',
    en: ({ reason, subjectId }) => `What was to be given to a shop of ${subjectId} held data that never leaves (${reason}). Nothing was sent; look at where it comes from.`,
    'zh-CN': ({ reason, subjectId }) => `推送至店铺的 ${subjectId} 含有禁止外传的数据（${reason}），已拦截未发送，请排查来源。`,
  },
  CHANNEL_SILENT: {
    severity: 'WARNING',
    en: ({ hours }) => `No order has come from the channel for ${hours} hours, though it used to sell. Look whether its shop sells and its webhooks arrive.`,
    'zh-CN': ({ hours }) => `渠道已 ${hours} 小时没有新订单，而此前有持续销售，请检查店铺与推送是否正常。`,
  },
  COPY_NOT_TAKEN: {
    severity: 'WARNING',
    en: ({ reason, subjectId }) => `A shop does not take what it is given (${reason}), the last one is ${subjectId}. Look at it, then have it told again.`,
    'zh-CN': ({ reason, subjectId }) => `店铺未接受推送（${reason}），最近一次为 ${subjectId}，请查看后重新推送。`,
  },
  COPIES_WAITING: {
    severity: 'WARNING',
    en: ({ reason }) => `A shop takes nothing of ours (${reason}). Orders go on without it and buyers are told by mail; all of it is given as soon as it answers.`,
    'zh-CN': ({ reason }) => `店铺暂不接受推送（${reason}）。订单照常处理，买家改由邮件通知；恢复后将全部补推。`,
  },
} as const satisfies Record<string, Entry>;

export type AlertCode = keyof typeof ALERTS;
export const ALERT_CODES = Object.keys(ALERTS) as AlertCode[];
export const isAlertCode = (code: string): code is AlertCode => Object.hasOwn(ALERTS, code);

export const alertText = (code: AlertCode, params: Params, language: 'en' | 'zh-CN'): string => ALERTS[code][language](params);
