import type { GraphContext } from '@quanyu/subgraph';
import { EarnRate, type EarnRateRow } from '../entities/earn-rate.entity.js';

/** The tenant's rates: at most one a currency. */
export const earnRates = (ctx: GraphContext): Promise<EarnRateRow[]> =>
  ctx.read((em) => em.find(EarnRate, { tenantId: ctx.viewer.tenantId }, { disableIdentityMap: true, orderBy: { currency: 'asc' } }));

export const earnRateOf = (ctx: GraphContext, currency: string): Promise<EarnRateRow | null> =>
  ctx.read((em) => em.findOne(EarnRate, { tenantId: ctx.viewer.tenantId, currency }, { disableIdentityMap: true }));
