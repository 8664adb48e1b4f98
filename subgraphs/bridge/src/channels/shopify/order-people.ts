import { normaliseEmail, normalisePhone } from '@quanyu/pii';
import type { OrderReceivedData, Privacy } from '../channel.js';
import type { ShopifyAddress, ShopifyOrder } from './order-body.js';

const firstOf = (...texts: readonly (string | null | undefined)[]): string | null => texts.find((text) => text) ?? null;

const nameOf = (who: { readonly first_name?: string | null; readonly last_name?: string | null; readonly name?: string | null }): string | null =>
  firstOf(who.name, [who.first_name, who.last_name].filter(Boolean).join(' '));

const regionOf = (address: ShopifyAddress | null | undefined): string | null =>
  /^[A-Za-z]{2}$/.test(address?.country_code ?? '') ? address!.country_code!.toUpperCase() : null;

/** A number without country code is read where the parcel goes; where that is not known either, it is left as it is. */
const phoneIn = (order: ShopifyOrder, raw: string | null): { raw: string | null; normalised: string | null } => {
  const region = regionOf(order.shipping_address) ?? regionOf(order.customer?.default_address) ?? regionOf(order.billing_address) ?? '';
  return { raw, normalised: raw === null ? null : normalisePhone(raw, region) };
};

/**
 * The buyer: null for guests without a customer. The phone of the parcel is not taken for theirs, since it may be that
 * of whoever receives the gift.
 */
export function customerOf(order: ShopifyOrder, privacy: Privacy): OrderReceivedData['customer'] {
  const { customer } = order;
  if (!customer?.id) return null;
  const phone = phoneIn(order, firstOf(customer.phone, order.phone, customer.default_address?.phone));
  const rawEmail = firstOf(customer.email, order.email, order.contact_email);
  const email = rawEmail === null ? null : normaliseEmail(rawEmail);
  const profile = { name: firstOf(nameOf(customer), customer.default_address && nameOf(customer.default_address)), phone: phone.normalised ?? phone.raw, email: email ?? rawEmail };
  return {
    externalId: customer.id,
    phoneIndex: phone.normalised === null ? null : privacy.index('phone', phone.normalised),
    emailIndex: email === null ? null : privacy.index('email', email),
    sealed: Object.values(profile).every((value) => value === null) ? null : privacy.seal(JSON.stringify(profile), customer.id, 'customer'),
  };
}

/** Where the parcel goes, sealed; null when nothing is sent or no address was told. */
export function sealedShipTo(order: ShopifyOrder, privacy: Privacy): string | null {
  const to = order.shipping_address;
  if (!to) return null;
  const phone = phoneIn(order, firstOf(to.phone, order.phone));
  const shipTo = {
    name: nameOf(to), phone: phone.normalised ?? phone.raw, address1: firstOf(to.address1), address2: firstOf(to.address2),
    city: firstOf(to.city), province: firstOf(to.province), postalCode: firstOf(to.zip), countryCode: regionOf(to),
  };
  if (Object.values(shipTo).every((value) => value === null)) return null;
  return privacy.seal(JSON.stringify(shipTo), order.id, 'shipTo');
}
