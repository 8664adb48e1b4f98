import { isCurrency } from '@quanyu/money';
import { once, refuse, type GraphContext, type Refusal } from '@quanyu/subgraph';
import { isRate } from '../domain/earn.js';
import type { MembersErrorCode } from '../errors.js';

export interface SetEarnRate { readonly currency: string; readonly pointsPerMajor: number; readonly idempotencyKey: string }

export type RateSet = { readonly kind: 'set'; readonly currency: string };

/** Sets how many points a major unit of a currency earns from now on; orders that have earned keep what they have. */
export function setEarnRate(ctx: GraphContext, input: SetEarnRate): Promise<RateSet | Refusal<MembersErrorCode>> {
  const { tenantId } = ctx.viewer;
  const { currency, pointsPerMajor } = input;
  return ctx.write('set-earn-rate', (em) => once(em, tenantId, { mutation: 'setEarnRate', key: input.idempotencyKey, input }, async () => {
    if (!isCurrency(currency)) return refuse('CURRENCY_UNKNOWN', 'currency');
    if (!isRate(pointsPerMajor)) return refuse('RATE_INVALID', 'pointsPerMajor');
    await em.execute(
      `insert into earn_rate (tenant_id, currency, points_per_major) values (?, ?, ?)
       on conflict (tenant_id, currency) do update set points_per_major = excluded.points_per_major, updated_at = app_now()`,
      [tenantId, currency, pointsPerMajor]);
    return { kind: 'set', currency };
  }));
}
