/** Where a parcel of ours can go: somebody, somewhere, who can be called. Any script is fine. */
export interface PostalAddress {
  readonly name: string;
  readonly phone: string;
  readonly address1: string;
  readonly address2: string | null;
  readonly city: string | null;
  readonly province: string | null;
  readonly postalCode: string | null;
  /** ISO 3166, two letters. */
  readonly countryCode: string;
}

/** In characters, of each field. */
export const LONGEST_ADDRESS_FIELD = 200;

const filled = (text: string): boolean => text.trim() !== '' && text.length <= LONGEST_ADDRESS_FIELD;

/** Which field of an address is wrong, or null. @param phone of it in E.164, or null where it is none. */
export function addressFault(address: PostalAddress, phone: string | null): keyof PostalAddress | null {
  if (!filled(address.name)) return 'name';
  if (phone === null) return 'phone';
  if (!filled(address.address1)) return 'address1';
  if (!/^[A-Z]{2}$/.test(address.countryCode)) return 'countryCode';
  return (['address2', 'city', 'province', 'postalCode'] as const).find((field) => (address[field]?.length ?? 0) > LONGEST_ADDRESS_FIELD) ?? null;
}
