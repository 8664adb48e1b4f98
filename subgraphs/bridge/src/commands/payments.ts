import type { closePayment, refundPayment, startPayment } from '@quanyu/calls';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { log } from '@quanyu/telemetry';
import type { z } from 'zod';
import type { Client } from '../channels/connector.js';
import type { Platform } from '../channels/channels.js';
import { PlatformError } from '../outbound/platform-error.js';
import type { Shops } from '../outbound/shops.js';
import { payingChannel } from '../queries/paying-channel.js';
import { webhookPath } from '../queries/webhook-path.js';
import { openShop } from './connections/open-shop.js';

type Deps = Pick<SubgraphDeps, 'database' | 'vault'>;
type Provider = z.output<typeof startPayment.input>['provider'];
export interface Refused { readonly kind: 'refused'; readonly code: string; readonly retryable: boolean }

const PLATFORMS: Readonly<Partial<Record<Provider, Platform>>> = { WECHAT_PAY: 'WECHAT', ALIPAY: 'ALIPAY', STRIPE: 'STRIPE', UNIONPAY: 'UNIONPAY' };

/** Begins a payment at its platform; beginning it again is the same payment. */
export function startPaymentAt(deps: Deps, shops: Shops, publicUrl: string | null, input: z.output<typeof startPayment.input>): Promise<z.input<typeof startPayment.output>> {
  return withPlatform(deps, shops, input, async ({ startPayment: start }, connectionId, platform) => {
    if (start === undefined) return refused('NOT_SUPPORTED');
    if (publicUrl === null) return refused('PUBLIC_URL_MISSING');
    const { paymentId, amountMinor, currency, description, payerId, expiresAt } = input;
    const { handOver } = await start({ paymentId, amountMinor, currency, description, payer: payerId, notifyUrl: `${publicUrl}${webhookPath(platform, connectionId)}`, expiresAt: new Date(expiresAt) });
    return { kind: 'started', providerReference: null, client: handOver };
  });
}

/** Ends a payment, so that nobody can make it any more; where it was made meanwhile, tells what was taken. */
export function closePaymentAt(deps: Deps, shops: Shops, input: z.output<typeof closePayment.input>): Promise<z.input<typeof closePayment.output>> {
  return withPlatform(deps, shops, input, async ({ closePayment: close, findPayment: find }) => {
    if (close === undefined || find === undefined) return refused('NOT_SUPPORTED');
    const ended = await close(input.paymentId, new Date(input.expiresAt ?? 0));
    if (ended === 'CLOSED') return { kind: 'closed' };
    if (ended === 'STILL_OPEN') return { ...refused('STILL_OPEN'), retryable: true };
    const found = await find(input.paymentId);
    if (found === null) return { ...refused('NOT_FOUND'), retryable: true };
    return { kind: 'paid', amountMinor: found.amountMinor, currency: found.currency, providerReference: found.platformPaymentId ?? input.paymentId };
  });
}

/** Gives money back under a number of ours; asked again it tells what became of it. */
export function refundPaymentAt(deps: Deps, shops: Shops, { refundId, paidMinor, reason, askedAt, ...input }: z.output<typeof refundPayment.input>): Promise<z.input<typeof refundPayment.output>> {
  return withPlatform(deps, shops, input, async ({ refundPayment: refund }) => {
    if (refund === undefined) return refused('NOT_SUPPORTED');
    const state = await refund({ paymentId: input.paymentId, refundId, amountMinor: input.amountMinor, totalMinor: paidMinor, currency: input.currency, reason, askedAt: new Date(askedAt ?? Date.now()) });
    return state === 'FAILED' ? refused('REFUND_FAILED') : { kind: state === 'DONE' ? 'refunded' : 'pending' };
  });
}

const refused = (code: string): Refused => ({ kind: 'refused', code, retryable: false });

/** A platform that does not answer refuses for now: whoever asks tries again. */
async function withPlatform<T>(deps: Deps, shops: Shops, { tenantId, connectionId, provider, paymentId }: { readonly tenantId: string; readonly connectionId: string; readonly provider: Provider; readonly paymentId: string },
  work: (client: Client, connectionId: string, platform: Platform) => Promise<T | Refused>): Promise<T | Refused> {
  const platform = PLATFORMS[provider];
  const channel = platform === undefined ? null : await payingChannel(deps.database, { tenantId, connectionId, platform });
  if (platform === undefined || channel === null) return refused('PROVIDER_NOT_CONNECTED');
  try {
    const shop = await openShop(deps, shops, { tenantId, connectionId: channel });
    return shop === null ? refused('PROVIDER_NOT_CONNECTED') : await work(shop.client, channel, platform);
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    log.warn('payment platform refuses', { tenantId, connectionId: channel, channel: platform, step: 'payment', errorCode: error.code, orderId: paymentId });
    return { kind: 'refused', code: (error.details.platformCode || error.code).slice(0, 64), retryable: error.passing };
  }
}
