import type { GraphContext } from '@quanyu/subgraph';
import { AccessError } from '@quanyu/viewer';
import { Ctx, FieldResolver, Query, Resolver } from 'type-graphql';
import { tenantById } from '../queries/tenants.js';
import { channelStub } from './channel.stub.js';
import { TenantType } from './tenant.type.js';
import { ViewerType } from './viewer.type.js';

@Resolver(() => ViewerType)
export class ViewerResolver {
  @Query(() => ViewerType, { description: 'Who you are to this graph; needs no scope.' })
  viewer(@Ctx() { viewer }: GraphContext): ViewerType {
    const { kind, channels, claims: { subjectId, name, scopes } } = viewer;
    if (kind === 'anonymous') throw new AccessError('UNAUTHENTICATED');
    return { kind, id: subjectId, name: name ?? null, scopes, allChannels: channels === 'all', channels: channels === 'all' ? [] : channels.map(channelStub) };
  }

  @FieldResolver(() => TenantType)
  tenant(@Ctx() ctx: GraphContext): Promise<TenantType | null> {
    return tenantById(ctx).load(ctx.viewer.tenantId);
  }
}
