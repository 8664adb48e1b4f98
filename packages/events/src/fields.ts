import { z } from 'zod';

/** An amount in minor units of a currency that the event names beside it. */
export const minor = z.int();
/** A count of goods, 1 or more. */
export const quantity = z.int().positive();
/** ISO 4217, upper case. */
export const currency = z.string().regex(/^[A-Z]{3}$/);
/** RFC 3339 instant in UTC. */
export const instant = z.iso.datetime({ offset: true });
export const id = z.string().min(1).max(64);

/** The buyer as a channel knows them. No plain personal data: indexes are keyed hashes, `sealed` only opens with our keys. */
export const customer = z.object({
  externalId: z.string().min(1).max(128),
  phoneIndex: z.string().nullable(),
  emailIndex: z.string().nullable(),
  /** Sealed JSON { name, phone, email }; row = the channel's id of the customer, field = 'customer'. */
  sealed: z.string().nullable(),
});

/** What an order is made of, in minor units: total = items - discount + shipping + tax (unless in the prices) + other. */
export const amounts = z.object({
  currency,
  itemsMinor: minor,
  discountMinor: minor,
  shippingMinor: minor,
  taxMinor: minor,
  /** The items' prices already hold the tax. */
  taxesIncluded: z.boolean(),
  totalMinor: minor,
});
