import { normaliseEmail, normalisePhone } from '@quanyu/pii';
import type { Privacy, ToldOrder } from '../channel.js';

type Text = string | null | undefined;

/** The first of these that says something. */
export const firstOf = (...texts: readonly Text[]): string | null => texts.find((text) => text) ?? null;

export const nameOf = (who: { readonly first_name?: Text; readonly last_name?: Text; readonly name?: Text } | null | undefined): string | null =>
  who ? firstOf(who.name, [who.first_name, who.last_name].filter(Boolean).join(' ')) : null;

/** The first of these that is a country of two letters. */
export const regionOf = (...codes: readonly Text[]): string | null => codes.find((code) => /^[A-Za-z]{2}$/.test(code ?? ''))?.toUpperCase() ?? null;

/** Where a number without country code is read; where no country is known, it is left as it is. */
const phoneIn = (region: string | null, raw: string | null): string | null => (raw === null ? null : normalisePhone(raw, region ?? ''));

export interface Buyer { readonly id: Text; readonly name: string | null; readonly phone: string | null; readonly email: string | null }

/** The buyer, indexed and sealed; null for guests, whom the platform gives no id. */
export function sealedCustomer({ id, name, ...raw }: Buyer, region: string | null, privacy: Privacy): ToldOrder['customer'] {
  if (!id) return null;
  const phone = phoneIn(region, raw.phone);
  const email = raw.email === null ? null : normaliseEmail(raw.email);
  const profile = { name, phone: phone ?? raw.phone, email: email ?? raw.email };
  return {
    externalId: id,
    phoneIndex: phone === null ? null : privacy.index('phone', phone),
    emailIndex: email === null ? null : privacy.index('email', email),
    sealed: sealedUnlessEmpty(profile, id, 'customer', privacy),
  };
}

export interface Parcel {
  readonly name: string | null; readonly phone: string | null; readonly address1: string | null; readonly address2: string | null;
  readonly city: string | null; readonly province: string | null; readonly postalCode: string | null; readonly countryCode: string | null;
  /** Under which the platform knows a receiver whom it masks: what its own waybills are asked for with. */
  readonly oaid?: string | null;
}

/** Where the parcel goes, sealed; null when nothing is told of it. */
export const sealedParcel = (parcel: Parcel, region: string | null, orderId: string, privacy: Privacy): string | null =>
  sealedUnlessEmpty({ ...parcel, phone: phoneIn(region, parcel.phone) ?? parcel.phone }, orderId, 'shipTo', privacy);

export const sealedUnlessEmpty = (told: object, row: string, field: 'customer' | 'shipTo' | 'notes', privacy: Privacy): string | null =>
  Object.values(told).every((value) => value === null) ? null : privacy.seal(JSON.stringify(told), row, field);
