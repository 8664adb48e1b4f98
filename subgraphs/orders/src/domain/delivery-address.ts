// A receiver as a channel tells them.

/** As a channel tells it: any of it may be missing, and with an id of its own of the receiver all of it may be masked. */
export interface ToldAddress { readonly name?: string | null | undefined; readonly address1?: string | null | undefined; readonly address2?: string | null | undefined; readonly oaid?: string | null | undefined }

/** What is missing of a channel's address so that no parcel can be sent to it; none where it tells none at all. */
export const missingOf = (told: ToldAddress | null): readonly string[] =>
  (told === null || told.oaid ? [] : [...(told.name?.trim() ? [] : ['name']), ...(told.address1?.trim() || told.address2?.trim() ? [] : ['address1'])]);
