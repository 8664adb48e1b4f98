import type { GraphContext } from '@quanyu/subgraph';
import { Ctx, Query, Resolver } from 'type-graphql';
import { earnRates } from '../queries/earn-rates.js';
import { EarnRateType } from './earn-rate.type.js';

@Resolver(() => EarnRateType)
export class EarnRateResolver {
  @Query(() => [EarnRateType], { description: 'At most one for each currency.' })
  earnRates(@Ctx() ctx: GraphContext): Promise<EarnRateType[]> {
    ctx.viewer.must('members:read');
    return earnRates(ctx);
  }
}
