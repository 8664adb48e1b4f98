import { once, refuse, type GraphContext, type Refusal } from '@quanyu/subgraph';
import { faultOfBucket, type BucketTerms } from '../../domain/bucket-terms.js';
import type { InventoryErrorCode } from '../../errors.js';
import { closeBucket, fillBucket, openBucket } from './buckets.js';

export type BucketResult = { readonly kind: 'bucket'; readonly bucket: string } | Refusal<InventoryErrorCode>;

interface SetAside { readonly skuId: string; readonly locationId: string; readonly quantity: number }

/** Sets stock aside for an activity: its bucket with its terms, and all of its units or none. */
export function openActivityStock(ctx: GraphContext, input: BucketTerms & { readonly bucket: string; readonly units: readonly SetAside[]; readonly idempotencyKey: string }): Promise<BucketResult> {
  const { tenantId, subjectId: actor } = ctx.viewer;
  const { idempotencyKey, bucket, units, ...terms } = input;
  return refusing(ctx, 'open-activity-stock', { mutation: 'openActivityStock', key: idempotencyKey, input }, async (em) => {
    const fault = faultOfBucket({ bucket, ...terms });
    if (fault !== null) return refuse('BUCKET_INVALID', fault);
    const opened = await openBucket(em, { tenantId, bucket, ...terms });
    if (opened.kind === 'refused') return opened;
    return firstRefused(await fillBucket(em, { tenantId, bucket, actor, moves: units }), units.length) ?? { kind: 'bucket', bucket };
  });
}

/** Sets more units aside for an activity, all or none. */
export function fillActivityStock(ctx: GraphContext, input: { readonly bucket: string; readonly units: readonly SetAside[]; readonly idempotencyKey: string }): Promise<BucketResult> {
  const { tenantId, subjectId: actor } = ctx.viewer;
  const { idempotencyKey, bucket, units } = input;
  return refusing(ctx, 'fill-activity-stock', { mutation: 'fillActivityStock', key: idempotencyKey, input }, async (em) => {
    const [open] = await em.execute<{ over: boolean }[]>('select closed_at is not null or coalesce(ends_at <= app_now(), false) as over from stock_bucket where tenant_id = ? and bucket = ? for share', [tenantId, bucket]);
    if (open === undefined) return refuse('BUCKET_UNKNOWN', 'bucket');
    if (open.over) return refuse('BUCKET_CLOSED', 'bucket');
    return firstRefused(await fillBucket(em, { tenantId, bucket, actor, moves: units }), units.length) ?? { kind: 'bucket', bucket };
  });
}

/** Changes the terms of an activity that has not ended: its name, its limit for a member, its times. */
export function changeActivityStock(ctx: GraphContext, { bucket, ...terms }: BucketTerms & { readonly bucket: string }): Promise<BucketResult> {
  const { tenantId } = ctx.viewer;
  return ctx.write('change-activity-stock', async (em) => {
    const fault = faultOfBucket({ bucket, ...terms });
    if (fault !== null) return refuse('BUCKET_INVALID', fault);
    const [known] = await em.execute<{ closed: boolean }[]>('select closed_at is not null as closed from stock_bucket where tenant_id = ? and bucket = ? for update', [tenantId, bucket]);
    if (known === undefined) return refuse('BUCKET_UNKNOWN', 'bucket');
    if (known.closed) return refuse('BUCKET_CLOSED', 'bucket');
    await em.execute('update stock_bucket set name = ?, per_member_limit = ?, starts_at = ?, ends_at = ? where tenant_id = ? and bucket = ?', [terms.name, terms.perMemberLimit, terms.startsAt, terms.endsAt, tenantId, bucket]);
    return { kind: 'bucket', bucket };
  });
}

/** Ends an activity now: nothing more is sold, and what is free returns. Done twice it is done once. */
export function endActivityStock(ctx: GraphContext, bucket: string): Promise<BucketResult> {
  const { tenantId, subjectId: actor } = ctx.viewer;
  return ctx.write('end-activity-stock', async (em) => {
    const [known] = await em.execute<unknown[]>('select 1 from stock_bucket where tenant_id = ? and bucket = ?', [tenantId, bucket]);
    if (known === undefined) return refuse('BUCKET_UNKNOWN', 'bucket');
    await closeBucket(em, { tenantId, bucket, actor });
    return { kind: 'bucket', bucket };
  });
}

/** Carries a refusal out of a transaction that has to leave nothing behind. */
class Refused extends Error {
  constructor(readonly refusal: Refusal<InventoryErrorCode>) { super('refused'); }
}

/** All or none: units that were moved before one was refused are not moved. A refusal is judged anew when the key comes again. */
async function refusing(ctx: GraphContext, label: string, request: Parameters<typeof once>[2], work: (em: Parameters<typeof once>[0]) => Promise<BucketResult>): Promise<BucketResult> {
  try {
    return await ctx.write(label, (em) => once(em, ctx.viewer.tenantId, request, async () => {
      const result = await work(em);
      if (result.kind === 'refused') throw new Refused(result);
      return result;
    }));
  } catch (error) {
    if (error instanceof Refused) return error.refusal;
    throw error;
  }
}

const firstRefused = (outcomes: Awaited<ReturnType<typeof fillBucket>>, count: number): Refusal<InventoryErrorCode> | null => {
  const n = outcomes.findIndex(({ kind }) => kind === 'refused');
  const outcome = outcomes[n];
  return n < 0 || n >= count || outcome?.kind !== 'refused' ? null : refuse(outcome.code, 'units', String(n), outcome.field);
};
