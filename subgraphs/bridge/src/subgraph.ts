import { sqlMigrations } from '@quanyu/database';
import { defineSubgraph } from '@quanyu/subgraph';
import { Alert } from './entities/alert.entity.js';
import { ChannelConnection } from './entities/channel-connection.entity.js';
import { Delivery } from './entities/delivery.entity.js';
import { consumers } from './events/consumers.js';
import { AlertResolver } from './graphql/alert.resolver.js';
import { BeginChannelInstallMutation } from './graphql/begin-channel-install.mutation.js';
import { ChangeChannelMutations } from './graphql/change-channel.mutation.js';
import { ChannelAccountMutations } from './graphql/channel-account.mutation.js';
import { ChannelCopiesResolver } from './graphql/channel-copies.resolver.js';
import { ChannelHealthResolver } from './graphql/channel-health.resolver.js';
import { ChannelHubResolver, HandOverChannelResolver, OrderHandOverResolver } from './graphql/channel-hub.resolver.js';
import { ChannelReadingField, ChannelReadingResolver } from './graphql/channel-reading.resolver.js';
import { ChannelShopResolver } from './graphql/channel-shop.resolver.js';
import { ChannelWritingResolver } from './graphql/channel-writing.resolver.js';
import { ChannelResolver } from './graphql/channel.resolver.js';
import { ConnectChannelMutation } from './graphql/connect-channel.mutation.js';
import { contract } from './graphql/contract.js';
import { DeliveryResolver } from './graphql/delivery.resolver.js';
import { ParkedEventsResolver } from './graphql/parked-events.resolver.js';
import { ReplayDeliveriesMutation } from './graphql/replay-deliveries.mutation.js';
import { ReplayDeliveryMutation } from './graphql/replay-delivery.mutation.js';
import { ReplayParkedEventMutation } from './graphql/replay-parked-event.mutation.js';
import { ResolveAlertMutation } from './graphql/resolve-alert.mutation.js';
import { WebhookEndpointResolver } from './graphql/webhook-endpoint.resolver.js';
import { calls } from './http/calls.js';
import { oauth } from './http/oauth.js';
import { webhooks } from './http/webhooks.js';
import { jobs } from './jobs/schedule.js';
import { channelById } from './queries/channels.js';

export const bridge = defineSubgraph({
  name: 'bridge',
  entities: [ChannelConnection, Delivery, Alert],
  migrations: sqlMigrations(new URL('../migrations/', import.meta.url)),
  resolvers: [ChannelResolver, ChannelHubResolver, OrderHandOverResolver, HandOverChannelResolver, ChannelReadingField, ChannelReadingResolver, ChannelAccountMutations, DeliveryResolver, AlertResolver, ParkedEventsResolver, ConnectChannelMutation, BeginChannelInstallMutation, ChangeChannelMutations, ReplayDeliveryMutation, ReplayDeliveriesMutation, ChannelWritingResolver, ChannelCopiesResolver, ChannelShopResolver, ChannelHealthResolver, WebhookEndpointResolver, ResolveAlertMutation, ReplayParkedEventMutation],
  contract,
  references: {
    Order: ({ id }) => ({ id }),
    Channel: ({ id }, ctx) => {
      ctx.viewer.must('channels:read');
      return channelById(ctx).load(String(id));
    },
  },
  calls: (deps) => calls(deps),
  http: (app, deps) => {
    webhooks(app, deps);
    oauth(app, deps);
  },
  consumers,
  jobs,
});
