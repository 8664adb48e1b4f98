import type { OrderToPush } from '../connector.js';
import { shortened } from './order-words.js';

/** As much as the platforms that pack keep of a note. */
const LONGEST = 1_000;

export interface PackingNotes { readonly buyer: string | null; readonly gift: string | null; /** What is to be done with it, and what the shop knows of it. */ readonly internal: string | null }

/** What was written with an order, as who packs it reads it. */
export function packingNotes({ notes }: Pick<OrderToPush, 'notes'>): PackingNotes {
  const fit = (...texts: readonly (string | null | undefined)[]): string | null => shortened(texts.filter(Boolean).join('\n'), LONGEST) || null;
  return { buyer: fit(notes?.buyer), gift: fit(notes?.gift), internal: fit(notes?.instructions, notes?.seller) };
}
