import { Connection, DateTime, PageArgs, parsePage, type GraphContext, type Page } from '@quanyu/subgraph';
import type { ViewerClaims } from '@quanyu/viewer';
import { Arg, Args, Ctx, Field, FieldResolver, ID, InputType, ObjectType, Query, Resolver, Root } from 'type-graphql';
import { auditEntryPage } from '../queries/audit-entries.js';
import { ViewerKindEnum } from './viewer.type.js';

@ObjectType()
class AuditDetail {
  @Field() name!: string;
  @Field() value!: string;
}

@ObjectType('AuditEntry', { description: 'Who did what to what, and when. Never changed, never removed.' })
class AuditEntryType {
  @Field(() => ID) id!: string;
  @Field(() => DateTime) at!: Date;
  @Field({ description: 'What was done, such as `staff-role-set`.' }) action!: string;
  @Field(() => ID, { description: 'Id of what it was done to.' }) subject!: string;
  @Field(() => ViewerKindEnum) actorKind!: Exclude<ViewerClaims['kind'], 'anonymous'>;
  @Field(() => ID) actorId!: string;
  @Field(() => String, { nullable: true }) reason!: string | null;
  @Field(() => String, { nullable: true, description: 'The request that did it, as in `extensions.requestId`.' }) requestId!: string | null;
  details!: Record<string, string>;
}

const AuditEntryConnection = Connection(AuditEntryType, 'AuditEntry');

@InputType()
class AuditFilterInput {
  @Field(() => ID, { nullable: true }) subject?: string;
  @Field(() => ID, { nullable: true }) actorId?: string;
  @Field(() => String, { nullable: true }) action?: string;
}

@Resolver(() => AuditEntryType)
export class AuditEntryResolver {
  @Query(() => AuditEntryConnection, { description: 'The audit log, newest first.' })
  auditEntries(@Ctx() ctx: GraphContext, @Args(() => PageArgs) page: PageArgs, @Arg('filter', () => AuditFilterInput, { nullable: true }) filter?: AuditFilterInput): Promise<Page<AuditEntryType>> {
    ctx.viewer.must('audit:read');
    const { subject, actorId, action } = filter ?? {};
    return auditEntryPage(ctx, { subject: subject ?? undefined, actorId: actorId ?? undefined, action: action ?? undefined }, parsePage(page, 'aud')) as Promise<Page<AuditEntryType>>;
  }

  @FieldResolver(() => [AuditDetail])
  details(@Root() entry: AuditEntryType): AuditDetail[] {
    return Object.entries(entry.details).map(([name, value]) => ({ name, value }));
  }
}
