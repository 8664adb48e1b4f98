import type { Contract } from '@quanyu/subgraph';

/** What the fields of this room ask for, and what of them partners see. */
export const contract: Contract = {
  scopes: {
    'Query.alerts': 'alerts:read',
    'Query.webhookEndpoints': 'alerts:read',
    'Mutation.createWebhookEndpoint': 'alerts:write',
    'Mutation.rotateWebhookEndpointSecret': 'alerts:write',
    'Mutation.switchWebhookEndpoint': 'alerts:write',
    'Mutation.replayWebhookMessage': 'alerts:write',
    'Query.parkedEvents': 'alerts:read',
    'Query.channels': 'channels:read',
    'Query.channel': 'channels:read',
    'Query.deliveries': 'channels:read',
    'Alert.channel': 'channels:read',
    'Mutation.connectChannel': 'channels:write',
    'Mutation.beginChannelInstall': 'channels:write',
    'Mutation.disableChannel': 'channels:write',
    'Mutation.enableChannel': 'channels:write',
    'Mutation.rotateWebhookSecret': 'channels:write',
    'Mutation.setChannelAccount': 'channels:write',
    'Mutation.readChannelNow': 'channels:write',
    'Mutation.checkChannel': 'channels:write',
    'Mutation.replayDelivery': 'channels:write',
    'Mutation.replayDeliveries': 'channels:write',
    'Mutation.retryChannelWrites': 'channels:write',
    'Mutation.replayParkedEvent': 'alerts:write',
    'Mutation.resolveAlert': 'alerts:write',
    'Subscription.alertRaised': 'alerts:read',
  },
  public: { Query: ['channels', 'channel'], Channel: ['id', 'platform', 'name', 'status'] },
};
