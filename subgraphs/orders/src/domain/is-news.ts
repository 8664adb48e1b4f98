// An update older than what is known changes nothing. Channels stamp to the second, so two updates may share a stamp:
// then only progress is news.
import { PAYMENT_STATES, type PaymentState } from './order-state.js';

export interface Told { readonly updatedAt: Date; readonly paymentState: PaymentState; readonly cancelledAt: string | Date | null }

const progress = (told: Pick<Told, 'paymentState' | 'cancelledAt'>): number =>
  (told.cancelledAt === null ? 0 : PAYMENT_STATES.length) + PAYMENT_STATES.indexOf(told.paymentState);

export function isNews(known: Told, update: Told): boolean {
  const age = update.updatedAt.getTime() - known.updatedAt.getTime();
  return age > 0 || (age === 0 && progress(update) > progress(known));
}
