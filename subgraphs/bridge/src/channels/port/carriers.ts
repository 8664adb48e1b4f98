// Numbers of parcels, and where they are.

/** A parcel on its way, as a carrier tells. */
export interface ParcelToTrack { readonly carrier: string; readonly trackingNumber: string; /** The last digits of the receiver's phone, which some carriers ask for. */ readonly phoneEnd: string | null }

export type TrackState = 'UNKNOWN' | 'PICKED_UP' | 'IN_TRANSIT' | 'OUT_FOR_DELIVERY' | 'DELIVERED' | 'PROBLEM' | 'RETURNING' | 'RETURNED';

export interface Tracked { readonly state: TrackState; /** Newest first. */ readonly events: readonly { readonly at: Date; readonly text: string }[] }

/** Somebody who sends a parcel or gets one. */
export interface PostalAddress {
  readonly name: string; readonly phone: string; readonly province: string; readonly city: string; readonly address: string;
}

/** A parcel that a carrier is to number. */
export interface WaybillToIssue {
  /** Ours: one number, however often it is asked for. */
  readonly requestId: string;
  /** Our code of the carrier. */
  readonly carrier: string;
  readonly externalOrderId: string;
  readonly sender: PostalAddress;
  /** As it was told: masked where the platform masks. */
  readonly receiver: PostalAddress;
  /** Under which the platform knows the receiver whom it masks: an OAID, or ciphertexts. Null where it needs none. */
  readonly receiverKey: string | null;
  readonly goods: string;
  readonly pieces: number;
  readonly weightGrams: number | null;
}

export interface IssuedWaybill {
  readonly trackingNumber: string;
  readonly routeCode: string | null;
  readonly sortingCode: string | null;
  /** JSON for a print component, as it came; null where the carrier gave none. */
  readonly printData: string | null;
}
