import { ProductError, type GraphContext } from '@quanyu/subgraph';
import { Arg, Ctx, Directive, Field, Float, Int, ObjectType, Query, Resolver } from 'type-graphql';
import { fieldUsage } from '../queries/field-usage.js';

@ObjectType({ description: 'How often a client has asked for a field of the graph.' })
class FieldUsage {
  @Field({ description: 'As `Product.title`.' }) field!: string;
  @Field({ description: 'What it calls itself in `apollographql-client-name`; of a partner the id of its key.' }) client!: string;
  @Field(() => Float, { description: 'Requests whose document holds the field.' }) requests!: number;
  @Field({ description: 'The last day (UTC) on which it did, as `2026-01-31`.' }) lastDay!: string;
}

const MOST_DAYS = 400;

@Resolver()
export class FieldUsageResolver {
  @Directive('@listSize(assumedSize: 100)')
  @Query(() => [FieldUsage], { description: 'Who uses which field, the most used first, 500 at most: asked before a field is taken away. Counted within a minute or two.' })
  async fieldUsage(
    @Ctx() ctx: GraphContext,
    @Arg('field', () => String, { nullable: true, description: 'As `Product.title`.' }) field: string | null,
    @Arg('client', () => String, { nullable: true }) client: string | null,
    @Arg('days', () => Int, { defaultValue: 30, description: 'How far to look back, 400 at most.' }) days: number,
  ): Promise<readonly FieldUsage[]> {
    ctx.viewer.must('access:read');
    if (days < 1 || days > MOST_DAYS) throw new ProductError('INPUT_INVALID', 'days');
    return fieldUsage(ctx, { field: field ?? null, client: client ?? null, days });
  }
}
