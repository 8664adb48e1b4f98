// An address that a parcel can be sent to: somebody, somewhere, who can be called. Any script is fine.

export interface Address {
  readonly name: string;
  readonly phone: string;
  readonly address1: string;
  readonly address2: string | null;
  readonly city: string | null;
  readonly province: string | null;
  readonly postalCode: string | null;
  /** ISO 3166, two letters. */
  readonly countryCode: string;
  readonly email?: string | null;
}

const LONGEST = 200;
const filled = (text: string): boolean => text.trim() !== '' && text.length <= LONGEST;
const short = (text: string | null): boolean => text === null || text.length <= LONGEST;

/** As a channel tells it: any of it may be missing, and with an id of its own of the receiver all of it may be masked. */
export interface ToldAddress { readonly name?: string | null | undefined; readonly address1?: string | null | undefined; readonly address2?: string | null | undefined; readonly oaid?: string | null | undefined }

/** What is missing of a channel's address so that no parcel can be sent to it; none where it tells none at all. */
export const missingOf = (told: ToldAddress | null): readonly string[] =>
  (told === null || told.oaid ? [] : [...(told.name?.trim() ? [] : ['name']), ...(told.address1?.trim() || told.address2?.trim() ? [] : ['address1'])]);

/** Which field of it is wrong, or null. @param phone in E.164, or null where it is none. */
export function addressFault(address: Address, phone: string | null): keyof Address | null {
  if (!filled(address.name)) return 'name';
  if (phone === null) return 'phone';
  if (!filled(address.address1)) return 'address1';
  if (!/^[A-Z]{2}$/.test(address.countryCode)) return 'countryCode';
  if (address.email && (address.email.length > LONGEST || !/^[^\s@<>"]+@[^\s@<>"]+\.[^\s@<>"]+$/.test(address.email))) return 'email';
  return (['address2', 'city', 'province', 'postalCode'] as const).find((field) => !short(address[field])) ?? null;
}
