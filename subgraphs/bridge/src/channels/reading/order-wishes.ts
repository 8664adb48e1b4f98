import type { Privacy, ToldOrder } from '../channel.js';
import { firstOf, sealedUnlessEmpty } from './order-people.js';
import { shortened } from './order-words.js';

type Text = string | null | undefined;

/** What a buyer wished and wrote when they ordered, and what the shop has noted beside it. */
export interface Wishes {
  /** How it shall be sent, in the platform's words. */
  readonly shippingMethod?: Text;
  readonly buyer?: Text;
  /** To be put in with a present. */
  readonly gift?: Text;
  /** What the shop asks for with the order: `engraving: Anna`. */
  readonly instructions?: Text;
  readonly seller?: Text;
}

/** Written by people about people: sealed but for the way of sending. */
export const wishesOf = ({ shippingMethod, buyer, gift, instructions, seller }: Wishes, orderId: string, privacy: Privacy): Pick<ToldOrder, 'shippingMethod' | 'sealedNotes'> => ({
  shippingMethod: shippingMethod ? shortened(shippingMethod) : null,
  sealedNotes: sealedUnlessEmpty({ buyer: firstOf(buyer), gift: firstOf(gift), instructions: firstOf(instructions), seller: firstOf(seller) }, orderId, 'notes', privacy),
});

const GIFT = /gift|present|礼/i;
const LONGEST = 2_000;

/** Of fields that a shop has added to its order: what speaks of a present is a gift note, the rest are instructions. */
export function attributeNotes(attributes: readonly { readonly name?: Text; readonly value?: Text }[]): Pick<Wishes, 'gift' | 'instructions'> {
  const told = attributes.flatMap(({ name, value }) => (name && value ? [{ name, value }] : []));
  const join = (texts: readonly string[]): string => shortened(texts.join('\n'), LONGEST);
  return { gift: join(told.filter(({ name }) => GIFT.test(name)).map(({ value }) => value)), instructions: join(told.filter(({ name }) => !GIFT.test(name)).map(({ name, value }) => `${name}: ${value}`)) };
}
