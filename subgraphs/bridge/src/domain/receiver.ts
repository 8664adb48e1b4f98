// Who gets a parcel, as an order's sealed address tells: known to us, or hidden behind a mask of the platform's.

export interface ToldReceiver {
  readonly name?: string | null; readonly phone?: string | null; readonly address1?: string | null; readonly address2?: string | null;
  readonly city?: string | null; readonly province?: string | null; readonly oaid?: string | null;
}
export interface Receiver { readonly name: string; readonly phone: string; readonly province: string; readonly city: string; readonly address: string }

/** A mask somewhere, or nobody to call: the platform alone knows who it is. */
export const isMasked = ({ name, phone, address1, address2, oaid }: ToldReceiver): boolean =>
  Boolean(oaid) || !name || !phone || [name, phone, address1, address2].some((part) => part?.includes('*'));

export const receiverOf = ({ name, phone, address1, address2, city, province }: ToldReceiver): Receiver =>
  ({ name: name ?? '', phone: phone?.replace(/^\+86/, '') ?? '', province: province ?? '', city: city ?? '', address: [address1, address2].filter(Boolean).join(' ') });

/** Some carriers ask for them before they tell where a parcel is; null where they are masked. */
export const phoneEnd = ({ phone }: ToldReceiver): string | null => /(\d{4})$/.exec(phone ?? '')?.[1] ?? null;
