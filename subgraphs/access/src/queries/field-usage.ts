import type { GraphContext } from '@quanyu/subgraph';

export interface FieldUsageRow { readonly field: string; readonly client: string; readonly requests: number; readonly lastDay: string }
export interface FieldUsageFilter { readonly field: string | null; readonly client: string | null; readonly days: number }

const MOST_ROWS = 500;

/** Who has asked for what in the last days, the most asked first. */
export const fieldUsage = (ctx: GraphContext, { field, client, days }: FieldUsageFilter): Promise<readonly FieldUsageRow[]> => ctx.read((em) => em.execute<FieldUsageRow[]>(
  `select field, client, sum(requests)::float8 as requests, to_char(max(day), 'YYYY-MM-DD') as "lastDay" from field_usage
   where tenant_id = ? and day > (app_now() at time zone 'UTC')::date - ?::int and (?::text is null or field = ?) and (?::text is null or client = ?)
   group by field, client order by 3 desc, field, client limit ${MOST_ROWS}`,
  [ctx.viewer.tenantId, days, field, field, client, client]));
