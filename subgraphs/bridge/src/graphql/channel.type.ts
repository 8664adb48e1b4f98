import { DateTime } from '@quanyu/subgraph';
import { Directive, Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { PLATFORMS, type Platform } from '../channels/channels.js';

export const ChannelPlatformEnum = Object.fromEntries(PLATFORMS.map((platform) => [platform, platform])) as { readonly [P in Platform]: P };
registerEnumType(ChannelPlatformEnum, { name: 'ChannelPlatform' });

const ChannelStatusEnum = { ACTIVE: 'ACTIVE', DISABLED: 'DISABLED' } as const;
registerEnumType(ChannelStatusEnum, {
  name: 'ChannelStatus',
  valuesConfig: { DISABLED: { description: 'Its webhooks are answered 404 and not stored; platforms try again for hours.' } },
});

@Directive('@key(fields: "id")')
@ObjectType('Channel', { description: 'A shop on an outside platform, connected to the tenant.' })
export class ChannelType {
  @Field(() => ID) id!: string;
  @Field(() => ChannelPlatformEnum) platform!: Platform;
  @Field() name!: string;
  @Field(() => String, { nullable: true, description: 'The shop that webhooks must come from, such as `my-shop.myshopify.com`; any shop that knows the secret when null.' }) shopDomain!: string | null;
  @Field(() => ChannelStatusEnum) status!: keyof typeof ChannelStatusEnum;
  @Field(() => DateTime) createdAt!: Date;
  @Field(() => DateTime, { nullable: true, description: 'When it was left for good, see `leaveChannel`.' }) leftAt!: Date | null;
  @Field(() => DateTime, { nullable: true, description: 'When the last of what it told us of itself was gone, after it was left.' }) cleanedAt!: Date | null;
}
