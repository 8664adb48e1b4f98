import type { SandboxPlatform, SandboxResponse } from './server/sandbox.js';

type Texts = Readonly<Record<string, string>>;

/** A parcel as a shop knows it. */
export interface StagedParcel { readonly number: string; readonly carrier: string }


/** A movement of money; a refund has a number of its own and a negative amount. */
export interface StagedBillLine { readonly paymentId: string; readonly refundId: string | null; readonly amountMinor: number; readonly feeMinor: number }

/** An order as it stands where it was written to, amounts in the currency's minor units. */
export interface StagedOrder { readonly id: string; readonly sourceId: string; readonly totalMinor: number; readonly quantities: Readonly<Record<string, number>>; /** How its buyer wishes it to be sent, where the platform keeps that. */ readonly wish?: string | null; /** What whoever packs it reads of what was written with it. */ readonly notes?: Readonly<Record<'buyer' | 'internal' | 'gift', string | null>> }

/** A request of a platform to us. */
export interface StagedPush { readonly headers: Readonly<Record<string, string>>; readonly body: string; readonly query?: Texts }

/**
 * One shop on one platform, ready to be played with in the same words everywhere. What a platform does not have is
 * missing; what it is told, and how it answers, are the platform's own.
 */
export interface Stage {
  readonly platform: SandboxPlatform;
  readonly shopDomain: string | null;
  /** What opens the shop, by the names that our forms use. */
  readonly settings: Texts;
  readonly secrets: Texts;
  /** Secrets of the right form that do not open it. */
  readonly wrongSecrets: Texts;
  /** The platform's answer to one call too many; it may be asked again soon. */
  readonly throttled: SandboxResponse;
  /** From now on the token that was good is over. */
  expire?(): void;
  /** Puts the shop's n-th order, changed at this instant; gives the platform's id of it. */
  order?(n: number, updatedAt: Date): string;
  /** Something happens each time that a page of orders is told; null: no more. */
  betweenPages?(happens: (() => void) | null): void;
  /** What waits to be taken, where taking is said. */
  waiting?(): readonly string[];
  /** It sells these many goods and has these many customers; `word` is what it calls customers. */
  fill?(goods: number, customers: number, word?: string): void;
  /** It sells the n-th of them no more. */
  unlist?(n: number): void;
  /** It tells the n-th of them in words that nobody can read. */
  garble?(n: number): void;
  /** Somebody changes the n-th of them now. */
  edit?(n: number): void;
  /** The platform's ids of them. */
  listed?(): readonly string[];
  /** Something happens each time that a page of goods is told; null: no more. */
  betweenGoods?(happens: (() => void) | null): void;
  /** Goods of an order's lines, to be mapped. */
  readonly skus?: readonly string[];
  parcelsOf?(externalOrderId: string): readonly StagedParcel[];
  /** Keeps so many units of goods. */
  stock?(sku: string, units: number): void;
  unitsOf?(sku: string): number | undefined;
  /** Orders that were written to it. */
  pushed?(): readonly StagedOrder[];
  /** Packs a parcel of an order that was written to it; gives the parcel's id. */
  /** An order that was written to it is as old as that. */
  writtenAt?(externalOrderId: string, at: Date): void;
  /** Somebody deletes an order there. */
  dropOrder?(externalOrderId: string): void;
  ship?(externalOrderId: string, trackingNumber: string, at: Date, /** What it holds, by our lines; all of it where not given. */ items?: Readonly<Record<string, number>>): string;
  /** What it posts when something has happened to this: a parcel, goods. */
  notice?(id: string, key?: string): { readonly headers: Readonly<Record<string, string>>; readonly body: string };
  /** The push of its n-th happening, as it is posted at this instant to an address of ours, with the secret that we gave it where it signs with one. */
  push?(n: number, at: Date, to: { readonly path: string; readonly secret: string }): StagedPush;
  /** Where it pushes what to. */
  hooks?(): readonly { readonly topic: string; readonly address: string }[];
  /** It forgets them, as platforms do that got no answer too often. */
  loseHooks?(): void;
  /** Takes the parcel back. */
  void?(shipmentId: string): void;
  /** The buyer pays what was begun. */
  pay?(paymentId: string): void;
  /** Refunds by their numbers, in minor units. */
  refundsOf?(paymentId: string): Readonly<Record<string, number>>;
  /** From now on answers are not signed by the platform, where it signs them. */
  forge?(): void;
  /** The bill of a day is there: these payments and refunds, by their amounts in minor units, in the platform's own form. */
  bill?(day: string, lines: readonly StagedBillLine[]): void;
  /** Its file is replaced by these bytes. */
  spoilBill?(day: string, file: Buffer): void;
  /** Numbers that were given out, by the ids that they were asked for with. */
  numbers?(): ReadonlyMap<string, { readonly number: string; readonly carrier: string; readonly receiver: string }>;
  /** The key under which the platform knows the receiver of its order, where it masks them. */
  receiverKey?(externalOrderId: string): string | null;
  /** The push that tells a parcel's way as it stands, signed. @param salt what the platform was given to sign with */
  trackPush?(trackingNumber: string, salt: string): { readonly contentType: string; readonly body: string };
  /** A carrier scans a parcel. */
  scan?(trackingNumber: string, at: Date, text: string, state: 'IN_TRANSIT' | 'DELIVERED'): void;
  /** Parcels whose way is told to somebody. */
  followed?(): readonly string[];
  /** Products that it shows, prices in minor units by the codes of their SKUs. */
  products?(): readonly StagedProduct[];
  /** Its own people send what is left of an order; gives the body of the webhook that tells it. */
  pack?(externalOrderId: string, trackingNumber: string): object;
  /** An order as its webhook tells it now. */
  webhookOf?(externalOrderId: string): object;
  /** Orders that were written to it and have ended since. */
  cancelled?(): readonly string[];
}

export interface StagedProduct { readonly id: string; readonly title: string; readonly status: string; readonly prices: Readonly<Record<string, number>> }
