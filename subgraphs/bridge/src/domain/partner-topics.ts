// What somebody outside can hear of, and what of it. Nothing here says who bought: no name, phone, address or customer id.

export const PARTNER_TOPICS = ['alert.raised', 'alert.resolved', 'order.confirmed', 'order.cancelled', 'order.shipped', 'order.after-sale-changed', 'order.refunded', 'stock.changed', 'product.changed', 'summary.daily'] as const;
export type PartnerTopic = (typeof PARTNER_TOPICS)[number];

/** The type that a partner's document tells of, by topic, and what of the news is its id; no document tells of the others. */
const ABOUT_ORDER = { type: 'Order', id: 'orderId' } as const;
export const DOCUMENTS_ABOUT: Readonly<Partial<Record<PartnerTopic, { readonly type: string; readonly id: string }>>> = {
  'order.confirmed': ABOUT_ORDER, 'order.cancelled': ABOUT_ORDER, 'order.shipped': ABOUT_ORDER, 'order.after-sale-changed': ABOUT_ORDER, 'order.refunded': ABOUT_ORDER,
  'stock.changed': { type: 'StockLevel', id: 'stockLevelId' }, 'product.changed': { type: 'Product', id: 'productId' },
};

/** What is told of a thing as it stands: of several that wait the newest is enough. */
export const LATEST_IS_ENOUGH: ReadonlySet<PartnerTopic> = new Set(['stock.changed', 'product.changed']);

/** How an address wants to be told. */
export type EndpointKind = 'STANDARD' | 'SLACK' | 'EMAIL' | 'SMS' | 'KLAVIYO';

/** The tries of a message: at once, then after 5 s, 5 min, 30 min, 2 h, 5 h and 10 h. */
export const MESSAGE_TRIES = 7;
/** An address that has taken nothing for so long is not asked any more. */
export const GIVE_UP_AFTER_DAYS = 5;

/** What a room of Slack reads. */
export const slackText = (topic: PartnerTopic, data: Readonly<Record<string, unknown>>): string =>
  (typeof data['message'] === 'string' ? `${topic === 'alert.resolved' ? '✅' : data['severity'] === 'CRITICAL' ? '🔴' : '🟡'} ${data['message']}` : `${topic} ${JSON.stringify(data)}`);

/** What Klaviyo calls it; its flows know these names. */
export const KLAVIYO_METRICS: Readonly<Partial<Record<PartnerTopic, string>>> = { 'order.confirmed': 'Placed Order', 'order.shipped': 'Fulfilled Order', 'order.cancelled': 'Cancelled Order' };
