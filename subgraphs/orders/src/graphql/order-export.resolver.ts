import { parseId } from '@quanyu/ids';
import { Connection, DateTime, PageArgs, parsePage, type GraphContext, type Page, type UserErrorShape } from '@quanyu/subgraph';
import { Arg, Args, Ctx, Field, FieldResolver, ID, InputType, Int, Mutation, ObjectType, Query, registerEnumType, Resolver, Root } from 'type-graphql';
import { exportOrders } from '../commands/figures/export-orders.js';
import type { OrderStatus } from '../domain/order-state.js';
import { exportPath, orderExportById, orderExportPage } from '../queries/order-exports.js';
import type { OrderExportRow } from '../entities/order-export.entity.js';
import { OrderStatusEnum } from './order.type.js';
import { OrdersUserError, toErrors } from './orders-user-error.type.js';

const OrderExportStateEnum = { RUNNING: 'RUNNING', DONE: 'DONE', OVER: 'OVER' } as const;
registerEnumType(OrderExportStateEnum, { name: 'OrderExportState', valuesConfig: { OVER: { description: 'Its week is over, and the file is gone.' } } });

@ObjectType('OrderExport', { description: 'Orders in a file: CSV, with name and phone masked, and the whole receiver sealed for the recipients in the last column.' })
class OrderExportType {
  @Field(() => ID) id!: string;
  @Field(() => OrderExportStateEnum) state!: OrderExportRow['state'];
  @Field() reason!: string;
  @Field(() => [String]) recipients!: string[];
  @Field(() => Int, { description: 'Orders that belong to it.' }) total!: number;
  @Field(() => Int, { description: 'Orders that are written so far.' }) exported!: number;
  @Field({ description: "The file's key for its recipients: `age -d -i IDENTITY` gives 32 bytes. A sealed cell is base64url of a nonce (12 bytes), AES-256-GCM ciphertext and tag (16 bytes), with `order_id` as additional data." }) wrappedKey!: string;
  @Field(() => DateTime) createdAt!: Date;
  @Field(() => DateTime, { nullable: true }) doneAt!: Date | null;
  @Field(() => DateTime, { description: 'From then on the file is gone.' }) expiresAt!: Date;
  tenantId!: string;
}

const OrderExportConnection = Connection(OrderExportType, 'OrderExport');

@InputType()
class ExportOrdersInput {
  @Field(() => [String], { description: 'Public keys of those who may open what is sealed, 1 to 5: `age1…`, as `age-keygen` makes them.' }) recipients!: string[];
  @Field({ description: 'Why; it stands in the audit log. 200 characters at most, no personal data.' }) reason!: string;
  @Field(() => [OrderStatusEnum], { nullable: true }) statuses?: OrderStatus[] | null;
  @Field(() => [ID], { nullable: true, description: 'Of the channels that you may see; not given: all of them.' }) channelIds?: string[] | null;
  @Field(() => DateTime, { nullable: true, description: 'From, inclusive.' }) placedFrom?: Date | null;
  @Field(() => DateTime, { nullable: true, description: 'Until, exclusive.' }) placedBefore?: Date | null;
  @Field(() => String, { nullable: true, description: 'Of `stepUp`: EXPORT_ORDERS of your own id.' }) stepUpToken?: string | null;
  @Field({ description: 'The same key again answers the first result.' }) idempotencyKey!: string;
}

@ObjectType()
class ExportOrdersPayload {
  @Field(() => OrderExportType, { nullable: true }) orderExport!: OrderExportType | null;
  @Field(() => [OrdersUserError]) userErrors!: UserErrorShape[];
}

@Resolver(() => OrderExportType)
export class OrderExportResolver {
  @Query(() => OrderExportConnection, { description: 'Files that you had made, newest first; those of everybody where you see all channels.' })
  orderExports(@Ctx() ctx: GraphContext, @Args(() => PageArgs) page: PageArgs): Promise<Page<OrderExportType>> {
    ctx.viewer.must('orders:pii');
    return orderExportPage(ctx, parsePage(page, 'oex')) as unknown as Promise<Page<OrderExportType>>;
  }

  @Query(() => OrderExportType, { nullable: true })
  orderExport(@Ctx() ctx: GraphContext, @Arg('id', () => ID) id: string): Promise<OrderExportType | null> {
    ctx.viewer.must('orders:pii');
    return orderExportById(ctx).load(parseId('oex', id)) as unknown as Promise<OrderExportType | null>;
  }

  @FieldResolver(() => String, { nullable: true, description: 'Path of the file at this address, good for 15 minutes; null before it is done and after its week.' })
  downloadPath(@Root() found: OrderExportType, @Ctx() ctx: GraphContext): string | null {
    return found.state === 'DONE' ? exportPath(ctx.deps.vault, found as never, new Date()) : null;
  }

  @Mutation(() => ExportOrdersPayload, { description: 'Has orders of the channels that you may see written to a file, kept for 7 days. Receivers that a channel masks are not in it.' })
  async exportOrders(@Arg('input', () => ExportOrdersInput) { statuses, channelIds, placedFrom, placedBefore, ...input }: ExportOrdersInput, @Ctx() ctx: GraphContext): Promise<ExportOrdersPayload> {
    ctx.viewer.must('orders:pii');
    const result = await exportOrders(ctx, {
      ...input, channelIds: channelIds?.map((id) => parseId('con', id)) ?? null,
      filter: { statuses: statuses ?? null, placedFrom: placedFrom?.toISOString() ?? null, placedBefore: placedBefore?.toISOString() ?? null },
    });
    if (result.kind === 'refused') return { orderExport: null, userErrors: toErrors(result, ctx) };
    return { orderExport: (await orderExportById(ctx).load(result.exportId)) as unknown as OrderExportType, userErrors: [] };
  }
}
