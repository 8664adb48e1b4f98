import { z } from 'zod';
import { defineEvent } from '../define-event.js';
import { currency, customer, id, instant, minor } from '../fields.js';

export const channelCustomerTold = defineEvent(
  'bridge.channel-customer-told.v1',
  {
    summary: 'Who has an account with a channel, as the channel knows them. Comes again, late and out of order without harm.',
    subject: (data) => `${data.connectionId}/${data.customer.externalId}`,
  },
  z.object({
    connectionId: id,
    platform: z.string(),
    customer,
    /** By the platform's clock, then by ours: of two tellings the later pair is newer. */
    changedAt: instant,
    readAt: instant,
    ordersCount: z.int().nonnegative().nullable(),
    /** What they have spent there, where the channel tells it. */
    spent: z.object({ currency, amountMinor: minor }).nullable(),
    /** The channel's own word: `enabled`, `disabled`. */
    state: z.string().max(32).nullable(),
    addresses: z.array(z.object({
      externalAddressId: z.string().min(1).max(128),
      /** Sealed JSON { name, phone, address1, address2, city, province, postalCode, countryCode }; row = the channel's id of the address, field = 'address'. */
      sealed: z.string(),
      isDefault: z.boolean(),
    })).max(100),
    /** The channel knows them no more: whoever keeps something of them lets it go. */
    removed: z.boolean(),
  }),
);
