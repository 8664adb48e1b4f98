import { buyerOf } from '@quanyu/calls';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { normaliseEmail } from '@quanyu/pii';
import { log } from '@quanyu/telemetry';
import { buyerLetter, type BuyerNews } from '../../domain/buyer-mail.js';
import { waitAfter } from '../../domain/sync-plan.js';
import type { Mailer } from '../../outbound/mailer.js';
import { PlatformError } from '../../outbound/platform-error.js';
import type { MailRef } from '../../queries/due-buyer-mails.js';

type Deps = Pick<SubgraphDeps, 'database' | 'vault' | 'calls'>;

const TRIES = 7;

/** Writes to a buyer where their order stands. The try is counted before it is made; the address is opened here and kept nowhere. */
export async function sendBuyerMail(deps: Deps, mailer: Mailer | null, { tenantId, mailId }: MailRef): Promise<void> {
  const [claimed] = await deps.database.write(tenantId, 'claim-buyer-mail', (em) => em.execute<{ orderId: string; news: BuyerNews['news']; trackingNumber: string | null; attempts: number }[]>(
    `update buyer_mail set attempts = attempts + 1, leased_until = app_now() + interval '1 minute'
     where id = ? and state = 'DUE' and next_at <= app_now() and (leased_until is null or leased_until < app_now())
     returning order_id as "orderId", news, tracking_number as "trackingNumber", attempts`, [mailId]));
  if (claimed === undefined) return;
  const { order } = await deps.calls.invoke(buyerOf, { tenantId, orderId: claimed.orderId });
  const told = order === null ? null : emailOf(deps, tenantId, claimed.orderId, order);
  if (order === null || told === null || mailer === null) return settle(deps, tenantId, mailId, 'NO_ADDRESS', mailer === null ? 'NO_MAIL_SERVER' : null);
  try {
    await mailer.send({ id: mailId, to: told.email, ...buyerLetter({ ...claimed, orderNumber: order.orderNumber }, told.countryCode) });
    await settle(deps, tenantId, mailId, 'SENT', null);
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    log.warn('buyer not written to', { tenantId, orderId: claimed.orderId, step: 'send-buyer-mail', errorCode: error.code, attempt: claimed.attempts });
    if (error.code === 'REQUEST_REFUSED' || claimed.attempts >= TRIES) return settle(deps, tenantId, mailId, 'DEAD', error.code);
    await deps.database.write(tenantId, 'put-buyer-mail-off', (em) => em.execute(
      'update buyer_mail set leased_until = null, failure_code = ?, next_at = app_now() + make_interval(secs => ?) where id = ?', [error.code, waitAfter(claimed.attempts, error.retryAfterMs), mailId]));
  }
}

interface Sealed { readonly sealedShipTo: string | null; readonly customer: { readonly externalId: string; readonly sealed: string } | null }

/** What the buyer gave with the order, else what the channel knows of them. */
export function emailOf({ vault }: Pick<Deps, 'vault'>, tenantId: string, orderId: string, { sealedShipTo, customer }: Sealed): { readonly email: string; readonly countryCode: string | null } | null {
  const open = (sealed: string, row: string, field: 'shipTo' | 'customer'): { readonly email?: string | null; readonly countryCode?: string | null } => JSON.parse(vault.open(sealed, { tenantId, row, field })) as object;
  const shipTo = sealedShipTo === null ? {} : open(sealedShipTo, orderId, 'shipTo');
  const email = shipTo.email ?? (customer === null ? null : open(customer.sealed, customer.externalId, 'customer').email) ?? null;
  const normal = email === null ? null : normaliseEmail(email);
  return normal === null ? null : { email: normal, countryCode: shipTo.countryCode ?? null };
}

async function settle({ database }: Pick<Deps, 'database'>, tenantId: string, mailId: string, state: 'SENT' | 'NO_ADDRESS' | 'DEAD', code: string | null): Promise<void> {
  await database.write(tenantId, 'settle-buyer-mail', (em) => em.execute('update buyer_mail set state = ?, failure_code = ?, leased_until = null, done_at = app_now() where id = ?', [state, code, mailId]));
}
