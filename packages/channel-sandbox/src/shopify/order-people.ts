import type { ShopifyAddressInput, ShopifyCustomerInput, ShopifyOrderInput } from './order-input.js';

/** Writes a shipping or billing address; `name` is put together, and null names make it empty. */
export function addressBody(address: ShopifyAddressInput | null) {
  if (address === null) return null;
  return {
    first_name: address.firstName,
    address1: address.address1,
    phone: address.phone ?? null,
    city: address.city,
    zip: address.zip,
    province: address.province,
    country: address.country,
    last_name: address.lastName,
    address2: address.address2 ?? null,
    company: address.company ?? null,
    latitude: null,
    longitude: null,
    name: [address.firstName, address.lastName].filter(Boolean).join(' '),
    country_code: address.countryCode,
    province_code: address.provinceCode,
  };
}

/** Writes the customer as it stands in an order, with the shipping address as its default one. */
export function customerBody(customer: ShopifyCustomerInput | null, order: ShopifyOrderInput) {
  if (customer === null) return null;
  const address = order.shippingAddress ?? null;
  return {
    id: customer.id,
    email: customer.email,
    created_at: order.createdAt,
    updated_at: order.updatedAt ?? order.createdAt,
    first_name: customer.firstName,
    last_name: customer.lastName,
    state: 'disabled',
    note: null,
    verified_email: true,
    multipass_identifier: null,
    tax_exempt: false,
    phone: customer.phone ?? null,
    currency: order.currency,
    email_marketing_consent: { state: 'not_subscribed', opt_in_level: 'single_opt_in', consent_updated_at: null },
    sms_marketing_consent: customer.phone
      ? { state: 'not_subscribed', opt_in_level: 'single_opt_in', consent_updated_at: null, consent_collected_from: 'OTHER' }
      : null,
    tags: (customer.tags ?? []).join(', '),
    tax_exemptions: [],
    admin_graphql_api_id: `gid://shopify/Customer/${customer.id}`,
    ...(address === null ? {} : { default_address: defaultAddress(customer, address) }),
  };
}

function defaultAddress(customer: ShopifyCustomerInput, address: ShopifyAddressInput) {
  const { latitude: _latitude, longitude: _longitude, ...body } = { latitude: null, longitude: null, ...addressBody(address) };
  return { id: customer.id + 1, customer_id: customer.id, ...body, country_name: address.country, default: true };
}
