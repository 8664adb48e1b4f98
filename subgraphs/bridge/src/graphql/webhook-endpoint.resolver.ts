import { parseId } from '@quanyu/ids';
import { DateTime, toUserError, type GraphContext, type Refusal, type UserErrorShape } from '@quanyu/subgraph';
import { Arg, Ctx, Field, FieldResolver, ID, InputType, Int, Mutation, ObjectType, Query, registerEnumType, Resolver, Root } from 'type-graphql';
import { createEndpoint, replayMessage, rotateEndpointSecret, switchEndpoint, type Made } from '../commands/connections/webhook-endpoints.js';
import type { PartnerTopic } from '../domain/partner-topics.js';
import { BRIDGE_ERRORS, type BridgeErrorCode } from '../errors.js';
import { endpointById, endpointsOf, lastMessages, type EndpointView } from '../queries/webhook-endpoints.js';
import { BridgeUserError } from './bridge-user-error.type.js';

const KindEnum = { STANDARD: 'STANDARD', SLACK: 'SLACK', EMAIL: 'EMAIL', SMS: 'SMS', KLAVIYO: 'KLAVIYO' } as const;
registerEnumType(KindEnum, { name: 'WebhookEndpointKind', valuesConfig: { STANDARD: { description: 'Signed by Standard Webhooks.' }, SLACK: { description: 'An incoming webhook of Slack.' }, SMS: { description: 'A phone; it hears of critical alerts only.' }, KLAVIYO: { description: 'Events of orders for the flows of Klaviyo; the buyer is named there by the e-mail address.' } } });
const StatusEnum = { ACTIVE: 'ACTIVE', DISABLED: 'DISABLED' } as const;
registerEnumType(StatusEnum, { name: 'WebhookEndpointStatus' });
const MessageStateEnum = { DUE: 'DUE', SENT: 'SENT', DEAD: 'DEAD', SKIPPED: 'SKIPPED' } as const;
registerEnumType(MessageStateEnum, { name: 'WebhookMessageState', valuesConfig: { DEAD: { description: 'Seven tries failed; it waits for a replay.' }, SKIPPED: { description: 'The key whose rights its document has may not see what it is about.' } } });
const TopicEnum = { ALERT_RAISED: 'alert.raised', ALERT_RESOLVED: 'alert.resolved', ORDER_CONFIRMED: 'order.confirmed', ORDER_CANCELLED: 'order.cancelled', ORDER_SHIPPED: 'order.shipped', ORDER_AFTER_SALE_CHANGED: 'order.after-sale-changed', ORDER_REFUNDED: 'order.refunded', STOCK_CHANGED: 'stock.changed', PRODUCT_CHANGED: 'product.changed', SUMMARY_DAILY: 'summary.daily' } as const satisfies Record<string, PartnerTopic>;
registerEnumType(TopicEnum, {
  name: 'WebhookTopic',
  valuesConfig: { STOCK_CHANGED: { description: 'A stock level; of several changes that wait the newest is told.' }, PRODUCT_CHANGED: { description: 'A product, its SKUs or prices; of several changes that wait the newest is told.' } },
});

@ObjectType('WebhookMessage')
class WebhookMessageType {
  @Field(() => ID, { description: 'The `webhook-id` of each of its tries.' }) id!: string;
  @Field() topic!: string;
  @Field(() => MessageStateEnum) state!: keyof typeof MessageStateEnum;
  @Field(() => Int) attempts!: number;
  @Field(() => String, { nullable: true }) failureCode!: string | null;
  @Field({ description: 'What was sent, or is to be.' }) body!: string;
  @Field(() => DateTime) createdAt!: Date;
  @Field(() => DateTime, { nullable: true }) doneAt!: Date | null;
}

@ObjectType('WebhookEndpoint', { description: 'An address outside that hears of us.' })
class WebhookEndpointType {
  @Field(() => ID) id!: string;
  @Field(() => KindEnum) kind!: keyof typeof KindEnum;
  @Field() name!: string;
  @Field({ description: 'Of the address, or the address masked; the rest of it is not shown again.' }) host!: string;
  @Field(() => [TopicEnum]) topics!: PartnerTopic[];
  @Field(() => StatusEnum) status!: keyof typeof StatusEnum;
  @Field(() => DateTime, { nullable: true, description: 'It has taken nothing since then; after five days it is disabled.' }) failingSince!: Date | null;
  @Field(() => DateTime, { nullable: true }) lastSuccessAt!: Date | null;
  @Field(() => String, { nullable: true, description: 'The subscription whose data it is sent.' }) document!: string | null;
  @Field(() => ID, { nullable: true, description: 'The partner key whose rights its document has.' }) keyId!: string | null;
  @Field(() => String, { nullable: true, description: 'Why its document does not hold any more, and nothing is sent.' }) documentFault!: string | null;
}

@InputType()
class CreateWebhookEndpointInput {
  @Field(() => KindEnum, { defaultValue: 'STANDARD' }) kind!: keyof typeof KindEnum;
  @Field() name!: string;
  @Field({ description: 'https, of the public internet; an e-mail address or a phone for those kinds.' }) url!: string;
  @Field(() => String, { nullable: true, description: 'For Klaviyo: a private key that may write events.' }) apiKey?: string | null;
  @Field(() => [TopicEnum]) topics!: PartnerTopic[];
  @Field(() => String, { nullable: true, description: 'What it is to be sent: one subscription on the graph of partners, `subscription { ordersChanged { id number } }`, or of `stockLevelChanged` or `productsChanged` as its topics are, run for each event with the rights of the key. Not given: ids and amounts.' }) document?: string | null;
  @Field(() => ID, { nullable: true, description: 'The partner key whose rights the document has.' }) keyId?: string | null;
}

@ObjectType()
class WebhookEndpointPayload {
  @Field(() => WebhookEndpointType, { nullable: true }) endpoint!: EndpointView | null;
  @Field(() => String, { nullable: true, description: 'What messages are signed with; shown this once.' }) secret!: string | null;
  @Field(() => [BridgeUserError]) userErrors!: UserErrorShape[];
}

@Resolver(() => WebhookEndpointType)
export class WebhookEndpointResolver {
  @Query(() => [WebhookEndpointType], { description: 'The addresses that hear of us; fifty at most.' })
  webhookEndpoints(@Ctx() ctx: GraphContext): Promise<EndpointView[]> {
    ctx.viewer.must('alerts:read');
    return endpointsOf(ctx);
  }

  @FieldResolver(() => [WebhookMessageType], { description: 'The last fifty, newest first.' })
  messages(@Root() endpoint: WebhookEndpointType, @Ctx() ctx: GraphContext): Promise<readonly WebhookMessageType[]> {
    return lastMessages(ctx).load(endpoint.id);
  }

  @Mutation(() => WebhookEndpointPayload, { description: 'Has an address told of what happens.' })
  createWebhookEndpoint(@Arg('input', () => CreateWebhookEndpointInput) input: CreateWebhookEndpointInput, @Ctx() ctx: GraphContext): Promise<WebhookEndpointPayload> {
    ctx.viewer.must('alerts:write');
    const keyId = input.keyId ? parseId('key', input.keyId) : null;
    // What a key may see goes to the address: it is the key's own wish, or of who may make keys.
    if (keyId !== null && ctx.viewer.subjectId !== keyId) ctx.viewer.must('access:write');
    return payload(ctx, createEndpoint(ctx, { ...input, keyId }));
  }

  @Mutation(() => WebhookEndpointPayload, { description: 'Gives an address a new secret; messages are signed with both for a day.' })
  rotateWebhookEndpointSecret(@Arg('endpointId', () => ID) endpointId: string, @Ctx() ctx: GraphContext): Promise<WebhookEndpointPayload> {
    ctx.viewer.must('alerts:write');
    return payload(ctx, rotateEndpointSecret(ctx, parseId('whe', endpointId)));
  }

  @Mutation(() => WebhookEndpointPayload, { description: 'Stops telling an address, or goes on.' })
  switchWebhookEndpoint(@Arg('endpointId', () => ID) endpointId: string, @Arg('status', () => StatusEnum) status: keyof typeof StatusEnum, @Ctx() ctx: GraphContext): Promise<WebhookEndpointPayload> {
    ctx.viewer.must('alerts:write');
    return payload(ctx, switchEndpoint(ctx, parseId('whe', endpointId), status));
  }

  @Mutation(() => WebhookEndpointPayload, { description: 'Has a message sent once more, under the same id.' })
  replayWebhookMessage(@Arg('messageId', () => ID) messageId: string, @Ctx() ctx: GraphContext): Promise<WebhookEndpointPayload> {
    ctx.viewer.must('alerts:write');
    return payload(ctx, replayMessage(ctx, parseId('msg', messageId)));
  }
}

async function payload(ctx: GraphContext, done: Promise<Made | Refusal<BridgeErrorCode>>): Promise<WebhookEndpointPayload> {
  const result = await done;
  if (result.kind !== 'made') return { endpoint: null, secret: null, userErrors: [toUserError(BRIDGE_ERRORS, result, ctx.language)] };
  return { endpoint: (await endpointById(ctx).load(result.id)) ?? null, secret: result.secret, userErrors: [] };
}
