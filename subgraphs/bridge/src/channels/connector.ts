import type { Rate } from '../outbound/token-bucket.js';
import type { ListedCustomer, ListedProduct, ListPage } from './reading/listing.js';
import type { OAuth } from './port/oauth.js';
import type { Account, AccountField, ClientContext, Renewed } from './port/account.js';
import type { IssuedWaybill, ParcelToTrack, Tracked, WaybillToIssue } from './port/carriers.js';
import type { GivenPage, OrderPage, OrderPushed, OrderToPush, OrderToRecall, Parcel, PullPolicy, PulledOrder, Shipment, ShipmentPage, Window } from './port/orders.js';
import type { Bill, FoundPayment, PaymentToStart, RefundState, RefundToMake, StartedPayment } from './port/payments.js';
import type { ProductPushed, ProductToPush, Shares } from './port/products.js';
import type { StockPage, StockSemantics, StockSet, StockToSet } from './port/stock.js';

// The one port: what is said over it stands by subject in `port/`.
export type { Account, AccountField, ClientContext, Renewed } from './port/account.js';
export type { IssuedWaybill, ParcelToTrack, PostalAddress, TrackState, Tracked, WaybillToIssue } from './port/carriers.js';
export type { GivenOrder, GivenPage, OrderPage, OrderPushed, OrderToPush, OrderToRecall, Parcel, PullPolicy, PulledOrder, Shipment, ShipmentPage, Window } from './port/orders.js';
export type { Bill, BillRow, FoundPayment, PaymentToStart, RefundState, RefundToMake, StartedPayment } from './port/payments.js';
export type { ProductPushed, ProductToPush, Purpose, Shares } from './port/products.js';
export type { StockLevel, StockPage, StockSemantics, StockSet, StockToSet } from './port/stock.js';

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
  /** The orders that a system has which takes ours, by when they were written there, the oldest first. */
  givenOrders?(window: Window, page: string | null): Promise<GivenPage>;
  pullShipments?(window: Window, page: string | null): Promise<ShipmentPage>;
  /** All goods, or those that changed since then. */
  pullStock?(since: Date | null, page: string | null): Promise<StockPage>;
  startPayment?(payment: PaymentToStart): Promise<StartedPayment>;
  findPayment?(paymentId: string): Promise<FoundPayment | null>;
  /**
   * Ends a payment that nobody has made; `ALREADY_PAID` where somebody has, `STILL_OPEN` where the platform ends it by its
   * time alone and that is not over. @param expiresAt as it was started with
   */
  closePayment?(paymentId: string, expiresAt: Date): Promise<'CLOSED' | 'ALREADY_PAID' | 'STILL_OPEN'>;
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
  /** All that a shop sells, page by page; where the platform can tell it, only what changed since an instant. */
  listGoods?(page: string | null, since?: Date | null): Promise<ListPage<ListedProduct>>;
  /** All who have an account with a shop, or those that changed. */
  listCustomers?(page: string | null, since?: Date | null): Promise<ListPage<ListedCustomer>>;
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

export interface Connector {
  readonly fields: readonly AccountField[];
  readonly capabilities: readonly Capability[];
  /** Null where no stock is set. */
  readonly stock: StockSemantics | null;
  readonly rate: Rate;
  /** It takes what it is told without a look, and nobody hears what became of it: it knows no order and no goods. */
  readonly answersLater?: boolean;
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
  /** Payments end by their time alone, and one is known only once somebody has tried to make it; missing where we can end them. */
  readonly paymentsEnd?: 'BY_TIME';
  /** When yesterday's bill can be asked for: hours after midnight of the clock that its days go by, and that clock's hours ahead of UTC. */
  readonly bill?: { readonly readyHour: number; readonly utcOffset: number };
  /**
   * What of ours may leave for it, by purpose: paths of `ProductToPush` and `OrderToPush`, `lines.title`. What is not
   * named stays here, whatever the client would do with it; a purpose that is missing is none.
   */
  readonly shares?: Shares;
}
