import type { PlatformRequest } from './outbound.js';

/** Something that happened to an order, for Klaviyo's flows. The buyer is named by the address alone, and nowhere kept on our side. */
export interface KlaviyoEvent { readonly id: string; readonly metric: string; readonly email: string; readonly at: string; readonly properties: Readonly<Record<string, unknown>>; readonly value: { readonly amount: string; readonly currency: string } | null }

const URL = 'https://a.klaviyo.com/api/events';
/** The day whose form of the API we speak. */
const REVISION = '2026-04-15';

/** `POST /api/events`: taken once under its `unique_id`, however often it is sent. */
export const klaviyoRequest = ({ id, metric, email, at, properties, value }: KlaviyoEvent, apiKey: string): PlatformRequest => ({
  method: 'POST', url: URL, repeatable: true,
  headers: { authorization: `Klaviyo-API-Key ${apiKey}`, revision: REVISION, 'content-type': 'application/vnd.api+json', accept: 'application/vnd.api+json' },
  body: JSON.stringify({ data: { type: 'event', attributes: {
    metric: { data: { type: 'metric', attributes: { name: metric } } },
    profile: { data: { type: 'profile', attributes: { email } } },
    properties, time: at, unique_id: id, ...(value !== null && { value: Number(value.amount), value_currency: value.currency }),
  } } }),
});
