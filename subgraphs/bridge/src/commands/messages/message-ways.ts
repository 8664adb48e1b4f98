import { buyerOf } from '@quanyu/calls';
import { money, toDecimal } from '@quanyu/money';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { KLAVIYO_METRICS, slackText, type EndpointKind, type PartnerTopic } from '../../domain/partner-topics.js';
import { klaviyoRequest } from '../../outbound/klaviyo.js';
import type { Mailer } from '../../outbound/mailer.js';
import type { Line } from '../../outbound/outbound.js';
import { PlatformError } from '../../outbound/platform-error.js';
import type { SmsSender } from '../../outbound/sms.js';
import { standardHeaders } from '../../outbound/standard-webhook.js';
import { emailOf } from './send-buyer-mail.js';

/** What mail and short messages go out by; null where nobody has set it up. */
export interface Ways { readonly mailer: Mailer | null; readonly sms: SmsSender | null }

/** A message as it is to be sent now. @property address an URL, an e-mail address or a phone, in clear */
export interface Outgoing { readonly tenantId: string; readonly id: string; readonly kind: EndpointKind; readonly topic: PartnerTopic; readonly body: string; readonly address: string; readonly secrets: readonly string[]; readonly line: Line }

interface Told { readonly timestamp: string; readonly data: Readonly<Record<string, unknown>> }

/** Sends a message the way that its address wants. @throws PlatformError */
export async function sendBy(deps: Pick<SubgraphDeps, 'vault' | 'calls'>, { mailer, sms }: Ways, message: Outgoing): Promise<void> {
  const { kind, topic, body, address, id, line } = message;
  const told = JSON.parse(body) as Told;
  switch (kind) {
    case 'STANDARD':
      return void await line.send({ method: 'POST', url: address, repeatable: false, headers: standardHeaders({ id, body, at: new Date() }, message.secrets), body });
    case 'SLACK':
      return void await line.send({ method: 'POST', url: address, repeatable: false, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ text: slackText(topic, told.data) }) });
    case 'EMAIL': {
      const text = slackText(topic, told.data);
      return wayOf(mailer).send({ id, to: address, subject: text.slice(0, 120), text: [text, told.data['messageZh'], told.data['details']].filter((part) => typeof part === 'string').join('\n\n') });
    }
    case 'SMS':
      // An approved template takes short words, no sentences.
      return wayOf(sms).send({ id, phone: address, params: { code: String(told.data['code'] ?? topic).slice(0, 35), state: topic === 'alert.resolved' ? 'OK' : 'OPEN' } });
    case 'KLAVIYO':
      return void await line.send(klaviyoRequest(await eventOf(deps, message, told), message.secrets[0] ?? ''));
  }
}

function wayOf<Way>(way: Way | null): Way {
  if (way === null) throw new PlatformError('CREDENTIALS_REFUSED', { platformCode: 'NOT_SET_UP' });
  return way;
}

/** The buyer is asked for now and told to nobody else: the message that we keep names none. */
async function eventOf(deps: Pick<SubgraphDeps, 'vault' | 'calls'>, { tenantId, id, topic }: Outgoing, { data, timestamp }: Told): Promise<Parameters<typeof klaviyoRequest>[0]> {
  const orderId = String(data['orderId']);
  const { order } = await deps.calls.invoke(buyerOf, { tenantId, orderId });
  const buyer = order === null ? null : emailOf(deps, tenantId, orderId, order);
  if (order === null || buyer === null) throw new PlatformError('NOT_FOUND', { platformCode: 'NO_BUYER_ADDRESS' });
  const { orderId: _order, amounts: _amounts, ...rest } = data;
  return {
    id, metric: KLAVIYO_METRICS[topic] ?? topic, email: buyer.email, at: timestamp, properties: { orderNumber: order.orderNumber, ...rest },
    value: topic === 'order.confirmed' ? { amount: toDecimal(money(order.totalMinor, order.currency)), currency: order.currency } : null,
  };
}
