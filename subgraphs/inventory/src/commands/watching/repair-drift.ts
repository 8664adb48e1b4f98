import type { EntityManager } from '@mikro-orm/postgresql';
import { once, refuse, type GraphContext, type Refusal } from '@quanyu/subgraph';
import { driftsOf, journalGap, QUANTITIES } from '../../domain/drift.js';
import { StockException, type StockExceptionRow } from '../../entities/stock-exception.entity.js';
import type { InventoryErrorCode } from '../../errors.js';
import { auditLevels, type AuditedLevel } from '../../queries/level-audits.js';
import { MAIN_BUCKET } from '../../domain/available.js';
import { lockLevels } from '../levels/change-counts.js';
import { changeStock } from '../levels/change-stock.js';
import { driftTrouble } from './check-drift.js';
import { adoptOutsideFigure } from '../outside/follow-outside.js';
import { newSeed } from '../seed.js';
import { resolveStockExceptions } from './stock-exceptions.js';

export interface RepairDrift { readonly exceptionId: string; readonly note: string | null; readonly idempotencyKey: string }
export type DriftRepaired = { readonly kind: 'repaired'; readonly exceptionId: string };

/**
 * Repairs a difference by a movement that says so. The journal is brought to the level, reserved units to the holds, and
 * our count to that of the system outside which the location follows.
 */
export function repairDrift(ctx: GraphContext, input: RepairDrift): Promise<DriftRepaired | Refusal<InventoryErrorCode>> {
  const { tenantId, subjectId } = ctx.viewer;
  return ctx.write('repair-drift', (em) => once(em, tenantId, { mutation: 'repairStockDrift', key: input.idempotencyKey, input }, async () => {
    const drift = await em.findOne(StockException, { tenantId, id: input.exceptionId as StockExceptionRow['id'], code: 'STOCK_DRIFT', state: 'OPEN' }, { disableIdentityMap: true });
    if (drift === null || drift.skuId === null || drift.locationId === null) return refuse('DRIFT_NOT_FOUND', 'exceptionId');
    const said = { actor: subjectId, note: input.note, reference: input.exceptionId };
    if (drift.figures.kind === 'OUTSIDE') {
      const outcome = await adoptOutsideFigure(em, tenantId, { locationId: drift.locationId!, skuId: drift.skuId!, ...said });
      return outcome ? { kind: 'repaired', exceptionId: input.exceptionId } : refuse('DRIFT_NOT_FOUND', 'exceptionId');
    }
    await lockLevels(em, tenantId, [{ skuId: drift.skuId!, locationId: drift.locationId!, bucket: MAIN_BUCKET }]);
    // As it is now, under the lock: what was listed last night may have changed since.
    const [audit] = await auditLevels(em, tenantId, { ids: [String(drift.figures.stockLevelId)], limit: 1 });
    if (audit === undefined) return refuse('DRIFT_NOT_FOUND', 'exceptionId');
    const drifts = driftsOf(audit);
    if (drift.figures.kind === 'HOLDS' && drifts.includes('HOLDS')) {
      const [outcome] = await changeStock(em, { tenantId, changes: [{ skuId: audit.skuId, locationId: audit.locationId, bucket: audit.bucket, reason: 'REPAIR', reserved: { to: audit.held }, ...said }] });
      if (outcome!.kind === 'refused') return refuse(outcome!.code, outcome!.field);
    }
    if (drift.figures.kind === 'JOURNAL' && drifts.includes('JOURNAL')) await mendJournal(em, tenantId, audit, said);
    await resolveStockExceptions(em, tenantId, [driftTrouble(audit, drift.figures.kind as 'JOURNAL' | 'HOLDS')]);
    return { kind: 'repaired', exceptionId: input.exceptionId };
  }));
}

/**
 * Writes the movement that is missing: at the numbers that are, else before the first one. The level stays: it is
 * what orders were judged by. Checkpoints of it are forgotten, since they were before this movement.
 */
async function mendJournal(em: EntityManager, tenantId: string, audit: AuditedLevel, said: { readonly actor: string; readonly note: string | null; readonly reference: string }): Promise<void> {
  await em.execute('delete from stock_checkpoint where stock_level_id = ?', [audit.id]);
  const [whole] = await auditLevels(em, tenantId, { ids: [audit.id], limit: 1 });
  const gap = journalGap(whole!);
  await em.execute(
    `with ends as (select min(sequence) filter (where sequence > 0) as first, least(1, min(sequence)) - 1 as before from stock_movement where stock_level_id = ?),
     gaps as (
       select s.sequence from ends, generate_series(coalesce(ends.first, ?::bigint), ?::bigint) s (sequence)
       where not exists (select from stock_movement m where m.stock_level_id = ? and m.sequence = s.sequence)
     ),
     places as (select sequence, row_number() over (order by sequence) as n from gaps union all select before, 1 from ends where not exists (select from gaps))
     insert into stock_movement (id, tenant_id, stock_level_id, sequence, reason, on_hand, reserved, unavailable, incoming, allowance, deficit, reference, actor, note)
     select id_of('mov', ?, n), ?, ?, sequence, 'REPAIR', ${QUANTITIES.map(() => 'case when n = 1 then ?::int else 0 end').join(', ')}, ?, ?, ? from places`,
    [audit.id, audit.version, audit.version, audit.id, newSeed(), tenantId, audit.id, ...QUANTITIES.map((quantity) => gap[quantity]), said.reference, said.actor, said.note]);
}
