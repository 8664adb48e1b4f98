// What somebody outside can hear of, and what of it. Nothing here says who bought: no name, phone, address or customer id.

export const PARTNER_TOPICS = ['alert.raised', 'alert.resolved', 'order.confirmed', 'order.cancelled', 'order.shipped'] as const;
export type PartnerTopic = (typeof PARTNER_TOPICS)[number];

/** The tries of a message: at once, then after 5 s, 5 min, 30 min, 2 h, 5 h and 10 h. */
export const MESSAGE_TRIES = 7;
/** An address that has taken nothing for so long is not asked any more. */
export const GIVE_UP_AFTER_DAYS = 5;

/** What a room of Slack reads. */
export const slackText = (topic: PartnerTopic, data: Readonly<Record<string, unknown>>): string =>
  (typeof data['message'] === 'string' ? `${topic === 'alert.resolved' ? '✅' : data['severity'] === 'CRITICAL' ? '🔴' : '🟡'} ${data['message']}` : `${topic} ${JSON.stringify(data)}`);
