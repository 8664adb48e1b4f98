import type { EntityManager } from '@mikro-orm/postgresql';
import type { Database } from '@quanyu/database';
import { driftsOf, journalGap, QUANTITIES } from '../../domain/drift.js';
import { auditLevels, type AuditedLevel } from '../../queries/level-audits.js';
import { raiseStockExceptions, resolveStockExceptions, type StockTrouble } from './stock-exceptions.js';

const PAGE = 500;

/** Looks at every level of every tenant, page by page. What differs is listed, what agrees becomes a checkpoint. Answers how many differ. */
export async function checkDrift(database: Pick<Database, 'write' | 'system'>, signal?: AbortSignal): Promise<number> {
  const { rows } = await database.system.query<{ tenantId: string }>('select distinct tenant_id as "tenantId" from stock_level');
  let differing = 0;
  for (const { tenantId } of rows) {
    for (let afterId: string | null = ''; afterId !== null && signal?.aborted !== true;) {
      const page: { differing: number; lastId: string | null } = await database.write(tenantId, 'check-drift', (em) => checkPage(em, tenantId, afterId!));
      differing += page.differing;
      afterId = page.lastId;
    }
  }
  return differing;
}

export const driftTrouble = ({ skuId, locationId, bucket }: Pick<AuditedLevel, 'skuId' | 'locationId' | 'bucket'>, kind: 'JOURNAL' | 'HOLDS'): Omit<StockTrouble, 'figures'> => ({
  code: 'STOCK_DRIFT', skuId, locationId, channelId: null, part: `${kind} ${bucket}`,
});

async function checkPage(em: EntityManager, tenantId: string, afterId: string): Promise<{ differing: number; lastId: string | null }> {
  const audits = await auditLevels(em, tenantId, { afterId, limit: PAGE });
  const found = audits.map((audit) => ({ audit, drifts: driftsOf(audit) }));
  await raiseStockExceptions(em, tenantId, found.flatMap(({ audit, drifts }) => drifts.map((kind): StockTrouble => ({ ...driftTrouble(audit, kind), figures: figuresOf(audit, kind) }))));
  await resolveStockExceptions(em, tenantId, found.flatMap(({ audit, drifts }) => (['JOURNAL', 'HOLDS'] as const).filter((kind) => !drifts.includes(kind)).map((kind) => driftTrouble(audit, kind))));
  const agreed = found.filter(({ audit, drifts }) => drifts.length === 0 && audit.version > audit.checkpointSequence).map(({ audit: { id, version, level } }) => ({ id, version, ...level }));
  if (agreed.length > 0) {
    await em.execute(
      `insert into stock_checkpoint (stock_level_id, sequence, tenant_id, on_hand, reserved, unavailable, incoming, allowance, deficit)
       select id, version, ?, "onHand", reserved, unavailable, incoming, allowance, deficit
       from jsonb_to_recordset(?::jsonb) as c (id text, version bigint, "onHand" int, reserved int, unavailable int, incoming int, allowance int, deficit int)
       on conflict do nothing`, [tenantId, JSON.stringify(agreed)]);
  }
  return { differing: found.filter(({ drifts }) => drifts.length > 0).length, lastId: audits.length < PAGE ? null : audits.at(-1)!.id };
}

function figuresOf(audit: AuditedLevel, kind: 'JOURNAL' | 'HOLDS'): StockTrouble['figures'] {
  if (kind === 'HOLDS') return { kind, stockLevelId: audit.id, ours: audit.level.reserved, theirs: audit.held };
  const gap = journalGap(audit);
  const quantity = QUANTITIES.find((each) => gap[each] !== 0) ?? 'onHand';
  return { kind, stockLevelId: audit.id, quantity, ours: audit.level[quantity], theirs: audit.journal[quantity], missingMovements: audit.missingMovements };
}
