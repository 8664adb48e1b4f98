import type { OAuth } from './oauth.js';
import type { Line } from '../outbound/outbound.js';
import type { Rate } from '../outbound/token-bucket.js';

/** A shop and what opens it. Secrets are in clear: never kept, never logged. */
export interface Account {
  readonly shopDomain: string | null;
  /** What an operator may see: an API version, a warehouse's id, a region. */
  readonly settings: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
}

/** What a person fills in to connect a shop. */
export interface AccountField {
  readonly name: string;
  readonly secret: boolean;
  /** Taken when nothing is filled in; required where there is none. */
  readonly standard?: string;
  readonly form: RegExp;
}

export interface ClientContext {
  readonly account: Account;
  readonly line: Line;
  now(): Date;
}

/** From inclusive, to exclusive, by the platform's clock of changes. */
export interface Window { readonly from: Date; readonly to: Date }

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
}

export interface Parcel {
  readonly externalOrderId: string;
  readonly trackingNumber: string;
  /** Our code of the carrier: `SF`, `ZTO`, `YTO`, `STO`, `YUNDA`, `EMS`, `DEPPON`, … */
  readonly carrier: string;
  readonly trackingUrl: string | null;
  /** Lines of the order that the parcel holds; null for all that is left. */
  readonly lines: readonly { readonly externalLineId: string; readonly quantity: number }[] | null;
}

/** What a shop shall show of a SKU. */
export interface StockToSet {
  readonly externalSku: string;
  /** Absolute, in units. */
  readonly quantity: number;
  /** What the shop should show now; where it shows something else, nothing is changed. Null sets it whatever it is. */
  readonly expected: number | null;
}
export interface StockSet { readonly externalSku: string; readonly result: 'SET' | 'CHANGED_MEANWHILE' | 'UNKNOWN_SKU' }

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
}
export interface OrderPushed { readonly externalOrderId: string; readonly result: 'WRITTEN' | 'ALREADY_THERE'; /** The store or tag there that stands for its channel. */ readonly store?: string }
/** An order that we gave away, as it is found again there. */
export interface OrderToRecall { readonly sourceId: string; readonly orderNumber: string; readonly externalOrderId: string | null }

/** A parcel that a system outside has packed. */
export interface Shipment {
  readonly externalShipmentId: string;
  /** Of the order there, and the source id that we gave it; null where the order is none of ours. */
  readonly externalOrderId: string;
  readonly sourceId: string | null;
  readonly trackingNumber: string;
  readonly carrier: string;
  readonly shippedAt: Date;
  /** Its label was taken back: nothing has been sent. */
  readonly voided: boolean;
  /** What it holds of our lines; null where that is not told. */
  readonly lines: readonly { readonly lineId: string; readonly quantity: number }[] | null;
}
export interface ShipmentPage { readonly shipments: readonly Shipment[]; readonly next: string | null }

/** What a system outside counts of goods. */
export interface StockLevel { readonly externalSku: string; readonly quantity: number; readonly changedAt: Date }
export interface StockPage { readonly levels: readonly StockLevel[]; readonly next: string | null }

/** Goods of ours as anybody may see them, for a shop that sells them. */
export interface ProductToPush {
  /** Ours: what makes it one product there, however often it is sent. */
  readonly sourceId: string;
  readonly title: string;
  readonly brand: string | null;
  readonly status: 'ACTIVE' | 'DRAFT' | 'ARCHIVED';
  readonly currency: string;
  /** Each with the same names of options; at least one. */
  readonly skus: readonly {
    readonly code: string; readonly title: string | null; readonly options: readonly { readonly name: string; readonly value: string }[];
    readonly barcode: string | null; readonly weightGrams: number | null; readonly priceMinor: number;
  }[];
}
export interface ProductPushed { readonly externalProductId: string }

/** Money that a buyer is to pay. */
export interface PaymentToStart {
  /** Ours, at most 32 letters and digits: one payment, however often it is started. */
  readonly paymentId: string;
  readonly description: string;
  readonly amountMinor: number;
  readonly currency: string;
  /** The buyer's id on the platform, where it pays as one. */
  readonly payer: string | null;
  readonly notifyUrl: string;
  readonly expiresAt: Date;
}
/** What the buyer's client hands to the platform, by its own names. */
export interface StartedPayment { readonly handOver: Readonly<Record<string, string>> }
export interface FoundPayment {
  readonly paymentId: string;
  readonly platformPaymentId: string | null;
  readonly state: 'PENDING' | 'PAID' | 'CLOSED' | 'REFUNDED';
  readonly amountMinor: number;
  readonly currency: string;
}
export interface RefundToMake {
  readonly paymentId: string;
  /** Ours: one refund, however often it is asked for. */
  readonly refundId: string;
  readonly amountMinor: number;
  /** Of the payment. */
  readonly totalMinor: number;
  readonly currency: string;
  readonly reason: string;
}
export type RefundState = 'PENDING' | 'DONE' | 'FAILED';

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

/** What a look at the shop told. */
export interface Checked {
  readonly shopName: string;
  /** The version that answered, where the platform has versions. */
  readonly apiVersion: string | null;
}

/**
 * What we can ask of one shop. A method that is missing is something the platform, or our work on it, lacks.
 * All throw PlatformError. They hold no rule of ours: raw data out, plain orders in.
 */
export interface Client {
  check(): Promise<Checked>;
  pullOrders?(window: Window, page: string | null): Promise<OrderPage>;
  getOrder?(externalOrderId: string): Promise<PulledOrder | null>;
  /** `ALREADY_THERE` where the shop knows this parcel: a success, since the answer of the first try may have been lost. */
  pushTracking?(parcel: Parcel): Promise<'WRITTEN' | 'ALREADY_THERE'>;
  setStock?(levels: readonly StockToSet[]): Promise<readonly StockSet[]>;
  /** Writes an order once: one of this source id that is there already stays as it is. */
  pushOrder?(order: OrderToPush): Promise<OrderPushed>;
  pullShipments?(window: Window, page: string | null): Promise<ShipmentPage>;
  /** All goods, or those that changed since then. */
  pullStock?(since: Date | null, page: string | null): Promise<StockPage>;
  startPayment?(payment: PaymentToStart): Promise<StartedPayment>;
  findPayment?(paymentId: string): Promise<FoundPayment | null>;
  /** Ends a payment that nobody has made; `ALREADY_PAID` where somebody has. */
  closePayment?(paymentId: string): Promise<'CLOSED' | 'ALREADY_PAID'>;
  refundPayment?(refund: RefundToMake): Promise<RefundState>;
  /** Gets a number once: asked again with the same id it is the same one. */
  issueWaybill?(waybill: WaybillToIssue): Promise<IssuedWaybill>;
  trackParcel?(parcel: ParcelToTrack): Promise<Tracked>;
  /** Has a parcel's way told to this address from now on. */
  followParcel?(parcel: ParcelToTrack, callback: { readonly url: string; readonly salt: string }): Promise<void>;
  /** Takes an order of ours back; one that was never there is taken back. `TOO_LATE` once it is packed. */
  recallOrder?(order: OrderToRecall): Promise<'RECALLED' | 'TOO_LATE'>;
  /** The parcels at an address that a push named. @throws PlatformError `ADDRESS_NOT_ALLOWED` where it is not the platform's own */
  shipmentsAt?(resourceUrl: string): Promise<readonly Shipment[]>;
  /** Has all our topics pushed to this address, those that are not any more; gives their names. */
  ensureWebhooks?(address: string): Promise<EnsuredWebhooks>;
  /** All goods that a shop sells, page by page. */
  listGoods?(page: string | null): Promise<ListPage<ListedGoods>>;
  /** All who have an account with a shop. */
  listCustomers?(page: string | null): Promise<ListPage<ListedCustomer>>;
  /** The bill of a day, `2026-03-01` by the platform's own clock; null until it is there. */
  downloadBill?(day: string): Promise<Bill | null>;
  /** Makes a product be there as it is told, whole: one of this source id that is there is changed. */
  pushProduct?(product: ProductToPush): Promise<ProductPushed>;
}

export interface EnsuredWebhooks {
  /** Topics that are pushed to us by now, and those of them that had to be asked for anew. */
  readonly topics: readonly string[];
  readonly registered: readonly string[];
  /** Topics that the platform refused: the others are registered all the same. */
  readonly refused: readonly string[];
  /** What is needed to verify them, where the platform hands it out: kept among the channel's settings. */
  readonly settings?: Readonly<Record<string, string>>;
}

export type Capability = Exclude<keyof Client, 'check'>;

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
}

/** How a platform takes a figure: as it stands, only where it still shows what we expect, or as a change that we work out from what it shows. */
export type StockSemantics = 'ABSOLUTE' | 'COMPARE_AND_SET' | 'DELTA';

/** Secrets that take the place of those of the same names, and until when they are good. */
export interface Renewed { readonly secrets: Readonly<Record<string, string>>; readonly expiresAt: Date }

export interface Connector {
  readonly fields: readonly AccountField[];
  readonly capabilities: readonly Capability[];
  /** Null where no stock is set. */
  readonly stock: StockSemantics | null;
  readonly rate: Rate;
  readonly pull: PullPolicy | null;
  /** Whose parcels it numbers: those to an address that we know, or those of its own orders, whose receivers it alone knows. */
  readonly numbers?: 'CLEAR' | 'MASKED';
  /** Carriers that an account has a contract with; missing where the platform itself knows. */
  readonly carriersOf?: (account: Account) => readonly string[];
  open(context: ClientContext): Client;
  /** Gets a new token for one that ends. Spends what it renews with on some platforms: never called by two at once. */
  readonly renew?: (context: ClientContext) => Promise<Renewed>;
  /** How a shop lets our app in, where it is done in a browser. */
  readonly oauth?: OAuth;
  /** Whether it packs orders of ours, or counts goods and wants to know what was sold; nothing goes to one that says neither. */
  readonly takesOrders?: 'SHIP' | 'COUNT';
  /** How its parcels are read by windows of their making. */
  readonly shipments?: PullPolicy;
  /** With the channel's own secret in the query: for platforms that sign nothing. */
  readonly secretInAddress?: boolean;
  /** When yesterday's bill can be asked for: hours after midnight of the clock that its days go by, and that clock's hours ahead of UTC. */
  readonly bill?: { readonly readyHour: number; readonly utcOffset: number };
  /**
   * What of ours may leave for it, by purpose: paths of `ProductToPush` and `OrderToPush`, `lines.title`. What is not
   * named stays here, whatever the client would do with it; a purpose that is missing is none.
   */
  readonly shares?: Shares;
}

/** One movement of money as a platform's bill tells it. */
export interface BillRow {
  readonly kind: 'PAYMENT' | 'REFUND' | 'PAYOUT' | 'OTHER';
  /** Our number of the payment; null where it is none of ours, or is not told. */
  readonly paymentId: string | null;
  readonly refundId: string | null;
  readonly platformId: string;
  /** Towards us; what goes away is negative. */
  readonly amountMinor: number;
  /** What the platform keeps of it. */
  readonly feeMinor: number;
  readonly currency: string;
  readonly occurredAt: Date;
}
/** A day's bill, as it came and as it reads. */
export interface Bill { readonly fileType: 'CSV' | 'ZIP' | 'JSONL'; readonly file: Buffer; readonly rows: readonly BillRow[] }

/** For what something of ours is given to another system. */
export type Purpose = 'PRODUCT' | 'ORDER';
export type Shares = { readonly [P in Purpose]?: readonly string[] };
export interface ListPage<T> { readonly items: readonly T[]; /** Opaque; null after the last page. */ readonly next: string | null }
export interface ListedGoods {
  readonly externalProductId: string;
  readonly externalVariantId: string;
  /** `variant:<id>` where it has none: what an order's line would say. */
  readonly externalSku: string;
  readonly title: string;
  readonly changedAt: Date;
}
export interface ListedCustomer { readonly externalId: string; readonly name: string | null; readonly phone: string | null; readonly email: string | null; readonly changedAt: Date }
