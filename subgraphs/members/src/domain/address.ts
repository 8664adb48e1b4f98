// An address of a member's book: somebody, somewhere, who can be called. Any script is fine.

export const MOST_ADDRESSES = 50;
const LONGEST = 200;

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
}

const filled = (text: string): boolean => text.trim() !== '' && text.length <= LONGEST;

/** Which field of it is wrong, or null. @param phone in E.164, or null where it is none. */
export function addressFault(address: Address, phone: string | null): keyof Address | null {
  if (!filled(address.name)) return 'name';
  if (phone === null) return 'phone';
  if (!filled(address.address1)) return 'address1';
  if (!/^[A-Z]{2}$/.test(address.countryCode)) return 'countryCode';
  return (['address2', 'city', 'province', 'postalCode'] as const).find((field) => (address[field]?.length ?? 0) > LONGEST) ?? null;
}
