import type { Privacy, ToldOrder } from '../channel.js';
import { firstOf, nameOf, regionOf, sealedCustomer, sealedParcel } from '../reading/order-people.js';
import type { ShoplazzaOrder } from './order-body.js';

/** Numbers without country code are read where the parcel goes. */
const phoneRegion = (order: ShoplazzaOrder): string | null => regionOf(order.shipping_address?.country_code, order.billing_address?.country_code);

/** Only what is the buyer's own: phone and e-mail of the parcel may be those of whoever receives the gift. */
export const customerOf = (order: ShoplazzaOrder, privacy: Privacy): ToldOrder['customer'] => {
  const { customer } = order;
  return sealedCustomer({ id: customer?.id, name: nameOf(customer), phone: firstOf(customer?.phone), email: firstOf(customer?.email) }, phoneRegion(order), privacy);
};

export function shipToOf(order: ShoplazzaOrder, privacy: Privacy): string | null {
  const to = order.shipping_address;
  if (!to) return null;
  const [street, ...rest] = [to.address, to.address1, to.address2].filter(Boolean);
  return sealedParcel({
    name: nameOf(to), phone: firstOf(to.phone), address1: firstOf(street), address2: firstOf([...rest, to.area].filter(Boolean).join(', ')),
    city: firstOf(to.city), province: firstOf(to.province), postalCode: firstOf(to.zip), countryCode: regionOf(to.country_code),
  }, phoneRegion(order), order.id, privacy);
}
