import { parsePage, type GraphContext } from '@quanyu/subgraph';
import { Arg, Ctx, Field, InputType, Int, Query, Resolver } from 'type-graphql';
import { parkedEvents, SUBGRAPH_NAMES, type SubgraphName } from '../queries/parked-events.js';
import { ParkedEventsType, SubgraphNameEnum } from './parked-event.type.js';

@InputType()
class ParkedEventFilterInput {
  @Field(() => SubgraphNameEnum, { nullable: true }) subgraph?: SubgraphName;
}

@Resolver()
export class ParkedEventsResolver {
  @Query(() => ParkedEventsType, { description: 'Events that could not be taken in and wait, for another try or for a person.' })
  parkedEvents(
    @Ctx() ctx: GraphContext,
    @Arg('filter', () => ParkedEventFilterInput, { nullable: true }) filter?: ParkedEventFilterInput,
    @Arg('first', () => Int, { defaultValue: 50, description: '250 at most.' }) first?: number,
  ): Promise<ParkedEventsType> {
    ctx.viewer.must('alerts:read');
    return parkedEvents(ctx, filter?.subgraph ? [filter.subgraph] : SUBGRAPH_NAMES, parsePage({ first }).limit);
  }
}
