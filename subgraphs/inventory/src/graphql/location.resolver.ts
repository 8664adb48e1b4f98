import { Connection, PageArgs, parsePage, type GraphContext, type Page } from '@quanyu/subgraph';
import { Args, Ctx, Field, FieldResolver, ObjectType, Query, Resolver, Root } from 'type-graphql';
import type { OutsideFigure } from '../domain/follow-outside.js';
import { authorityOfLocation } from '../queries/stock-authority.js';
import { locationPage } from '../queries/stock-levels.js';
import { ChannelStub } from './channel.stub.js';
import { OutsideFigureEnum } from './stock-drift.mutation.js';
import { LocationType } from './stock-level.type.js';

const LocationConnection = Connection(LocationType, 'Location');

@ObjectType({ description: 'The system outside that a location follows.' })
class StockAuthorityType {
  @Field(() => ChannelStub) channel!: ChannelStub;
  @Field(() => OutsideFigureEnum) figure!: OutsideFigure;
}

@Resolver(() => LocationType)
export class LocationResolver {
  @Query(() => LocationConnection, { description: 'Places that hold stock, newest first.' })
  locations(@Ctx() ctx: GraphContext, @Args(() => PageArgs) page: PageArgs): Promise<Page<LocationType>> {
    ctx.viewer.must('inventory:read');
    return locationPage(ctx, parsePage(page));
  }

  @FieldResolver(() => StockAuthorityType, { nullable: true, description: 'What its counts follow; null where it counts for itself.' })
  async follows(@Root() { id }: LocationType, @Ctx() ctx: GraphContext): Promise<StockAuthorityType | null> {
    const authority = await authorityOfLocation(ctx).load(id);
    return authority && { channel: { id: authority.connectionId }, figure: authority.figure };
  }
}
