import { defineListLoader, defineLoader, type GraphContext } from '@quanyu/subgraph';
import { StockLevel, type StockLevelRow } from '../entities/stock-level.entity.js';

export interface ActivityStock {
  readonly bucket: string;
  readonly name: string;
  readonly perMemberLimit: number | null;
  readonly startsAt: string | null;
  readonly endsAt: string | null;
  readonly state: 'PLANNED' | 'SELLING' | 'ENDED';
}

const COLUMNS = `bucket, name, per_member_limit as "perMemberLimit", starts_at as "startsAt", ends_at as "endsAt",
  case when closed_at is not null or ends_at <= app_now() then 'ENDED' when starts_at > app_now() then 'PLANNED' else 'SELLING' end as state`;
const MOST = 250;

/** Activities with stock of their own, newest first; those that have ended only when asked for. */
export const activityStock = (ctx: GraphContext, withEnded: boolean): Promise<ActivityStock[]> => ctx.read((em) => em.execute<ActivityStock[]>(
  `select ${COLUMNS} from stock_bucket where tenant_id = ?${withEnded ? '' : ' and closed_at is null and (ends_at is null or ends_at > app_now())'} order by created_at desc, bucket limit ${MOST}`, [ctx.viewer.tenantId]));

export const activityStockByKey = defineLoader<string, ActivityStock>(async (ctx, keys) => new Map((await ctx.read((em) => em.execute<ActivityStock[]>(
  `select ${COLUMNS} from stock_bucket where tenant_id = ? and bucket in (select jsonb_array_elements_text(?::jsonb))`, [ctx.viewer.tenantId, JSON.stringify(keys)]))).map((row) => [row.bucket, row])));

export const levelsOfBucket = defineListLoader<string, StockLevelRow>(
  (ctx, buckets) => ctx.read((em) => em.find(StockLevel, { tenantId: ctx.viewer.tenantId, bucket: { $in: [...buckets] } }, { disableIdentityMap: true, orderBy: { skuId: 'asc', id: 'asc' } })),
  (level) => level.bucket);
