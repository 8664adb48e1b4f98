// Orders in and out, and the parcels that leave of them.

/** From inclusive, to exclusive, by the platform's clock of changes. */
export interface Window { readonly from: Date; readonly to: Date }

/** How orders are read by windows of their change. */
export interface PullPolicy {
  readonly everySeconds: number;
  /** Read again before the last window's end, for what became visible late. */
  readonly overlapSeconds: number;
  readonly longestWindowSeconds: number;
  /** The newest changes are left for the next time: some platforms refuse to tell them, or tell them incompletely. */
  readonly lagSeconds: number;
  /** How far back the first reading goes. */
  readonly firstDays: number;
  /** WAITING: whatever has not been acknowledged, however old, and the window says nothing. */
  readonly reads?: 'WAITING';
}

/** An order as the platform's API tells it; `body` goes the way of a webhook's body. */
export interface PulledOrder {
  readonly externalOrderId: string;
  readonly updatedAt: Date;
  /** JSON, as it came. */
  readonly body: string;
}

export interface OrderPage {
  readonly orders: readonly PulledOrder[];
  /** Opaque, for the next call with the same window; null after the last page. */
  readonly next: string | null;
  /** For platforms that have what waits: to be called once the page is kept, and it waits no more. */
  acknowledge?(): Promise<void>;
}

export interface Parcel {
  readonly externalOrderId: string;
  /** By which the carrier can reach the receiver, masked: `+86-138****1234`. */
  readonly contact?: string | null;
  readonly trackingNumber: string;
  /** Our code of the carrier: `SF`, `ZTO`, `YTO`, `STO`, `YUNDA`, `EMS`, `DEPPON`, … */
  readonly carrier: string;
  readonly trackingUrl: string | null;
  /** Which of the carrier's services, in its own words. */
  readonly service?: string | null;
  readonly shippedAt?: Date;
  /** Lines of the order that the parcel holds; null for all that is left. */
  readonly lines: readonly { readonly externalLineId: string; readonly quantity: number }[] | null;
}

/** An order of ours for a system that ships or counts it. */
export interface OrderToPush {
  /** Ours: what makes it one order there, however often it is sent. */
  readonly sourceId: string;
  /** Where it came from, `TAOBAO`, and what it is called there. */
  readonly platform: string;
  readonly externalOrderId: string;
  readonly orderNumber: string;
  readonly placedAt: Date;
  readonly currency: string;
  readonly lines: readonly { readonly lineId: string; readonly externalSku: string; readonly title: string; readonly quantity: number; readonly unitPriceMinor: number }[];
  readonly discountMinor: number;
  readonly shippingMinor: number;
  readonly taxMinor: number;
  readonly totalMinor: number;
  readonly shipTo: {
    readonly name: string | null; readonly phone: string | null; readonly address1: string | null; readonly address2: string | null;
    readonly city: string | null; readonly province: string | null; readonly postalCode: string | null; readonly countryCode: string | null;
  };
  /** For rules that people keep there, passed on as it came: how the buyer wishes it to be sent, in the channel's words. */
  readonly shippingHints?: { readonly method: string | null } | null;
  /** Written with the order: to the shop, for a present, what the shop asks for with its orders, and what it noted itself. */
  readonly notes?: Readonly<Record<'buyer' | 'gift' | 'instructions' | 'seller', string | null>> | null;
}

export interface OrderPushed { readonly externalOrderId: string; readonly result: 'WRITTEN' | 'ALREADY_THERE'; /** The store or tag there that stands for its channel. */ readonly store?: string }

/** An order that we gave away, as it is found again there. */
export interface OrderToRecall { readonly sourceId: string; readonly orderNumber: string; readonly externalOrderId: string | null }

/** An order as a system that takes ours has it: one of ours, or somebody else's. */
export interface GivenOrder {
  readonly externalOrderId: string;
  /** The source id that it was given; null where it is none of ours. */
  readonly sourceId: string | null;
  /** When it was written there, by the clock there. */
  readonly writtenAt: Date;
  readonly cancelled: boolean;
}

export interface GivenPage { readonly orders: readonly GivenOrder[]; readonly next: string | null }

/** A parcel that a system outside has packed. */
export interface Shipment {
  readonly externalShipmentId: string;
  /** Of the order there, and the source id that we gave it; null where the order is none of ours. */
  readonly externalOrderId: string;
  readonly sourceId: string | null;
  readonly trackingNumber: string;
  readonly carrier: string;
  readonly service?: string | null;
  readonly shippedAt: Date;
  /** Its label was taken back: nothing has been sent. */
  readonly voided: boolean;
  /** What it holds of our lines; null where that is not told. */
  readonly lines: readonly { readonly lineId: string; readonly quantity: number }[] | null;
}

export interface ShipmentPage { readonly shipments: readonly Shipment[]; readonly next: string | null }
