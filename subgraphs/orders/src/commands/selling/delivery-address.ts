import { addressFault, LONGEST_ADDRESS_FIELD, type PostalAddress } from '@quanyu/pii';

/** Where a parcel goes, and where its buyer may be written to. */
export interface Address extends PostalAddress { readonly email?: string | null }

/** Which field of it is wrong, or null. @param phone in E.164, or null where it is none. */
export const deliveryFault = (address: Address, phone: string | null): keyof Address | null => addressFault(address, phone) ?? (isMail(address.email) ? null : 'email');

const isMail = (email: string | null | undefined): boolean => !email || (email.length <= LONGEST_ADDRESS_FIELD && /^[^\s@<>"]+@[^\s@<>"]+\.[^\s@<>"]+$/.test(email));
