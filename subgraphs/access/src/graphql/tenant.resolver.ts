import { parseId } from '@quanyu/ids';
import { Connection, PageArgs, parsePage, type GraphContext, type Page } from '@quanyu/subgraph';
import { Arg, Args, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import { accountsOfTenant, tenantById, tenantPage } from '../queries/tenants.js';
import { TenantStandingType, TenantType } from './tenant.type.js';

const TenantConnection = Connection(TenantType, 'Tenant');

/** All merchants of the house are for who runs it; one's own is a field of `viewer`. */
@Resolver(() => TenantType)
export class TenantResolver {
  @Query(() => TenantConnection, { description: 'The merchants of this house, newest first; for who runs it.' })
  tenants(@Ctx() ctx: GraphContext, @Args(() => PageArgs) page: PageArgs, @Arg('withDeleted', () => Boolean, { defaultValue: false }) withDeleted: boolean): Promise<Page<TenantType>> {
    ctx.viewer.must('tenants:read');
    return tenantPage(ctx, withDeleted, parsePage(page, 'ten'));
  }

  @Query(() => TenantType, { nullable: true, description: 'One merchant of this house, also one that is deleted; for who runs it.' })
  async tenant(@Ctx() ctx: GraphContext, @Arg('id', () => ID) id: string): Promise<TenantType | null> {
    ctx.viewer.must('tenants:read');
    return tenantById(ctx).load(parseId('ten', id));
  }

  @FieldResolver(() => TenantStandingType)
  async standing(@Root() tenant: TenantType, @Ctx() ctx: GraphContext): Promise<TenantStandingType> {
    ctx.viewer.must('access:read');
    return tenant as TenantType & TenantStandingType;
  }
}

@Resolver(() => TenantStandingType)
export class TenantStandingResolver {
  @FieldResolver(() => Int, { description: 'How many people work for it now.' })
  async accounts(@Root() { id }: TenantStandingType, @Ctx() ctx: GraphContext): Promise<number> {
    return (await accountsOfTenant(ctx).load(id)) ?? 0;
  }
}
