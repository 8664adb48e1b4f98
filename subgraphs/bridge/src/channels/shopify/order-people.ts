import type { Privacy, ToldOrder } from '../channel.js';
import { firstOf, nameOf, regionOf, sealedCustomer, sealedParcel } from '../reading/order-people.js';
import type { ShopifyOrder } from './order-body.js';

/** Numbers without country code are read where the parcel goes. */
const phoneRegion = (order: ShopifyOrder): string | null =>
  regionOf(order.shipping_address?.country_code, order.customer?.default_address?.country_code, order.billing_address?.country_code);

/** The phone of the parcel is not taken for the buyer's, since it may be that of whoever receives the gift. */
export function customerOf(order: ShopifyOrder, privacy: Privacy): ToldOrder['customer'] {
  const { customer } = order;
  return sealedCustomer({
    id: customer?.id,
    name: firstOf(nameOf(customer), nameOf(customer?.default_address)),
    phone: firstOf(customer?.phone, order.phone, customer?.default_address?.phone),
    email: firstOf(customer?.email, order.email, order.contact_email),
  }, phoneRegion(order), privacy);
}

export function shipToOf(order: ShopifyOrder, privacy: Privacy): string | null {
  const to = order.shipping_address;
  if (!to) return null;
  return sealedParcel({
    name: nameOf(to), phone: firstOf(to.phone, order.phone), address1: firstOf(to.address1), address2: firstOf(to.address2),
    city: firstOf(to.city), province: firstOf(to.province), postalCode: firstOf(to.zip), countryCode: regionOf(to.country_code),
  }, phoneRegion(order), order.id, privacy);
}
