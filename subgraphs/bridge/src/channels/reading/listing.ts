import type { CurrencyCode } from '@quanyu/money';
import type { channelCustomerTold, channelProductTold, EventOf } from '@quanyu/events';

type ToldData = EventOf<typeof channelProductTold>['data'];
type ToldPerson = EventOf<typeof channelCustomerTold>['data'];

// What a shop lists: its goods and who has an account there, in our words.

export type ListedVariant = ToldData['variants'][number];
/** A product with all that it is sold as. */
export interface ListedProduct {
  readonly externalProductId: string;
  /** By the platform's clock. */
  readonly changedAt: Date;
  /** Of its prices; null where no variant has one. */
  readonly currency: CurrencyCode | null;
  readonly product: NonNullable<ToldData['product']>;
  readonly variants: readonly ListedVariant[];
}

export interface ListedAddress {
  readonly name: string | null; readonly phone: string | null; readonly address1: string | null; readonly address2: string | null;
  readonly city: string | null; readonly province: string | null; readonly postalCode: string | null; readonly countryCode: string | null;
}
/** Somebody with an account, in clear: never kept, never logged. */
export interface ListedCustomer extends Pick<ToldPerson, 'ordersCount' | 'spent' | 'state'> {
  readonly externalId: string;
  readonly name: string | null;
  readonly phone: string | null;
  readonly email: string | null;
  readonly changedAt: Date;
  readonly addresses: readonly { readonly externalAddressId: string; readonly isDefault: boolean; readonly address: ListedAddress }[];
}

export interface ListPage<T> {
  readonly items: readonly T[];
  /** Opaque; null after the last page. */
  readonly next: string | null;
  /** Things that could not be read: the others do not wait for them. */
  readonly unread?: number;
  /** What the list itself says is there no more. */
  readonly gone?: readonly string[];
  /** What its webhooks will be read by, kept among the channel's settings: `shopCurrency`. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** What a webhook's body of goods and customers does not say itself. */
export interface ListedContext {
  /** Stands for the time of change where the platform names none. */
  readonly at: Date;
  /** The shop's own; null where it has not been read yet. */
  readonly currency: CurrencyCode | null;
}

/** How a platform's webhooks of goods and customers are read; null for a body that is none. */
export interface ListingReader {
  productOf(body: unknown, context: ListedContext): ListedProduct | null;
  customerOf(body: unknown, context: ListedContext): ListedCustomer | null;
  /** Of what is no more: only its id. */
  idOf(body: unknown): string | null;
}
