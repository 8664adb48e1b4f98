import type { IncomingHttpHeaders } from 'node:http';
import type { EventOf, orderReceived } from '@quanyu/events';
import type { DeliveryReason } from '../domain/delivery-state.js';
import type { Account, Connector, Tracked } from './connector.js';
import type { ListingReader } from './reading/listing.js';

export type OrderReceivedData = EventOf<typeof orderReceived>['data'];
/** An order as a body tells it; which channel and delivery it came by is known elsewhere. */
export type ToldOrder = Omit<OrderReceivedData, 'connectionId' | 'platform' | 'deliveryId'>;

/** What the headers of a genuine webhook say. They are not signed: nothing but the body is to be trusted. */
export interface WebhookHead {
  /** In the platform's spelling; `unknown` where it cannot be read. */
  readonly topic: string;
  /** The platform's own id of this delivery, the same in each of its retries. */
  readonly dedupeKey: string | null;
  readonly triggeredAt: Date | null;
  /** Nothing signs it: it is believed no further than what is read at the platform. */
  readonly unsigned?: boolean;
}

export type RefusalReason = 'SIGNATURE_MISSING' | 'SIGNATURE_WRONG' | 'SHOP_MISMATCH';
export type Verdict = { readonly kind: 'genuine'; readonly head: WebhookHead } | { readonly kind: 'refused'; readonly reason: RefusalReason };

/** How personal data leaves a body: sealed, or as an index. Keeps `toOrder` free of keys. */
export interface Privacy {
  seal(plain: string, row: string, field: 'customer' | 'shipTo' | 'notes'): string;
  index(kind: 'phone' | 'email', normalised: string): string;
}

export interface OrderContext {
  /** The topic says that the order has been cancelled. */
  readonly cancelled: boolean;
  readonly triggeredAt: Date | null;
  readonly privacy: Privacy;
}

export type Translated =
  | { readonly kind: 'order'; readonly data: ToldOrder }
  | { readonly kind: 'refused'; readonly reason: Extract<DeliveryReason, 'BODY_NOT_AN_ORDER' | 'NO_LINES'>; readonly path: string };

/** What a topic means: its body is a whole order, one that has been cancelled, the end of the connection, only says where to look, tells where parcels are, or what is sold and who buys. */
export type Meaning = 'ORDER' | 'ORDER_CANCELLED' | 'UNINSTALLED' | 'HINT' | 'TRACKS' | ListingMeaning;
export type ListingMeaning = 'PRODUCT' | 'PRODUCT_REMOVED' | 'CUSTOMER' | 'CUSTOMER_REMOVED';

/** What a push that is not believed by itself points to: it is read anew at the platform, and that is the truth. */
export type Hint =
  | { readonly kind: 'ORDER'; readonly externalOrderId: string }
  | { readonly kind: 'PAYMENT'; readonly paymentId: string }
  /** Parcels at an address there, or those of late where none is named. */
  | { readonly kind: 'PARCELS'; readonly resourceUrl: string | null }
  /** Some of its stock has changed, or of what it sells. */
  | { readonly kind: 'STOCK' }
  | { readonly kind: 'GOODS' };

/** A parcel of which a push tells. */
export interface ToldTrack { readonly trackingNumber: string; readonly tracked: Tracked }

/** A webhook as it came. */
export interface WebhookRequest {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly path?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly at?: Date;
}
/** The connection that it came to. */
export interface WebhookConnection {
  readonly secrets: readonly string[];
  readonly shopDomain: string | null;
  /** For platforms that sign with what also opens them; null where nobody has filled it in. */
  readonly account?: Account | null;
}

/** The topic under which we keep orders that we asked for ourselves. */
export const PULLED_ORDER = 'pulled/order';

/** What the bridge needs to know of a platform. Pure: no clock, network or database. */
export interface Channel {
  /** Topics that mean something to us, in the platform's spelling. */
  readonly topics: Readonly<Record<string, Meaning>>;
  /** The platform's spelling of a shop's address, or null when this is none. */
  shopDomainOf(text: string): string | null;
  verify(request: WebhookRequest, connection: WebhookConnection): Verdict;
  /** For topics that are hints: what the body points to, null where that cannot be read. */
  readonly hintsOf?: (body: Buffer, account: Account | null) => readonly Hint[] | null;
  /** For topics that tell where parcels are; null where the body cannot be read. */
  readonly tracksOf?: (body: Buffer) => readonly ToldTrack[] | null;
  /** For topics of goods and customers. */
  readonly listing?: ListingReader;
  /** Its pushes are signed with what also opens its API. */
  readonly signsWithAccount?: boolean;
  /** What the platform wants to hear of one that was taken; `{"received":true}` where it does not care. */
  readonly taken?: { readonly type: string; readonly body: string | ((account: Account | null, at: Date) => string) };
  /** @param body as `parseJson` made it. */
  toOrder(body: unknown, context: OrderContext): Translated;
  /** What we can ask the platform; null where we only listen. */
  readonly connector: Connector | null;
  /** Where we push orders and its own webhooks tell them back: whose copy a body is, and what has become of it. Null for what is no copy. */
  readonly copyOf?: (body: unknown) => OrderCopy | null;
}

/** An order in a shop as one that may have come from us. */
export interface OrderCopy {
  readonly externalOrderId: string;
  /** The source id that we gave it; null where the shop does not tell it. */
  readonly sourceId: string | null;
  readonly parcels: readonly PackedParcel[];
}
/** A parcel that a shop has sent of it; lines null for all that is left. */
export interface PackedParcel { readonly trackingNumber: string; readonly carrier: string | null; readonly shippedAt: string; readonly lines: readonly { readonly externalSku: string; readonly quantity: number }[] | null }
