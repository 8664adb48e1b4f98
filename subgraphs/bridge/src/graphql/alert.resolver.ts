import { alertRaised, type EventOf } from '@quanyu/events';
import { Connection, follow, PageArgs, parsePage, type GraphContext, type Page } from '@quanyu/subgraph';
import { Arg, Args, Ctx, Field, FieldResolver, InputType, Query, Resolver, Root, Subscription } from 'type-graphql';
import { alertText } from '../domain/alert-codes.js';
import { alertById, alertPage } from '../queries/alerts.js';
import { channelById } from '../queries/channels.js';
import { AlertStateEnum, AlertType, OrderStub } from './alert.type.js';
import { ChannelType } from './channel.type.js';

const AlertConnection = Connection(AlertType, 'Alert');

@InputType()
class AlertFilterInput {
  @Field(() => AlertStateEnum, { nullable: true }) state?: keyof typeof AlertStateEnum;
}

@Resolver(() => AlertType)
export class AlertResolver {
  @Query(() => AlertConnection, { description: 'Alerts of the channels that you may see, and of none, newest first.' })
  alerts(@Ctx() ctx: GraphContext, @Args(() => PageArgs) page: PageArgs, @Arg('filter', () => AlertFilterInput, { nullable: true }) filter?: AlertFilterInput): Promise<Page<AlertType>> {
    ctx.viewer.must('alerts:read');
    return alertPage(ctx, { state: filter?.state ?? null }, parsePage(page, 'alr')) as unknown as Promise<Page<AlertType>>;
  }

  @Subscription(() => AlertType, {
    description: 'The newest 20 open alerts, then alerts as they are raised; more of a cause whose alert is open only count.',
    subscribe: follow((_args, ctx) => {
      ctx.viewer.must('alerts:read');
      return {
        types: [alertRaised.type],
        match: (event) => {
          const { connectionId } = (event as EventOf<typeof alertRaised>).data;
          return connectionId === null || ctx.viewer.seesChannel(connectionId);
        },
        current: async () => {
          const { nodes } = await alertPage(ctx, { state: 'OPEN' }, parsePage({}));
          return nodes.map(({ id }) => ({ alertId: id })).reverse();
        },
      };
    }),
  })
  alertRaised(@Root() event: EventOf<typeof alertRaised>, @Ctx() ctx: GraphContext): Promise<AlertType | null> {
    return alertById(ctx).load(event.data.alertId) as unknown as Promise<AlertType | null>;
  }

  @FieldResolver(() => String, { description: "In the language of the request's Accept-Language." })
  message(@Root() alert: AlertType, @Ctx() ctx: GraphContext): string {
    return alertText(alert.code, alert.params, ctx.language);
  }

  @FieldResolver(() => ChannelType, { nullable: true, description: 'The channel that it belongs to, where it belongs to one.' })
  channel(@Root() alert: AlertType, @Ctx() ctx: GraphContext): Promise<ChannelType | null> | null {
    ctx.viewer.must('channels:read');
    return alert.connectionId === null ? null : channelById(ctx).load(alert.connectionId) as Promise<ChannelType | null>;
  }

  @FieldResolver(() => OrderStub, { nullable: true, description: 'The order that it is about, where it is about one.' })
  order(@Root() alert: AlertType): OrderStub | null {
    return alert.subjectKind === 'ORDER' ? { id: alert.subjectId } : null;
  }
}
