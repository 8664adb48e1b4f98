import type { EntityManager } from '@mikro-orm/postgresql';
import type { LevelAudit, Quantities } from '../domain/drift.js';

export interface AuditedLevel extends LevelAudit {
  readonly id: string;
  readonly skuId: string;
  readonly locationId: string;
  readonly bucket: string;
  readonly version: number;
  readonly checkpointSequence: number;
}

const sums = (of: (column: string) => string): string =>
  `jsonb_build_object(${(['onHand', 'reserved', 'unavailable', 'incoming', 'allowance', 'deficit'] as const).map((name) => `'${name}', ${of(name === 'onHand' ? 'on_hand' : name)}`).join(', ')})`;

/**
 * Levels beside what their journal and their holds add up to, all of one moment: one statement. The journal is added up
 * from the newest checkpoint of each.
 */
export async function auditLevels(em: EntityManager, tenantId: string, { afterId, ids, limit }: { readonly afterId?: string; readonly ids?: readonly string[]; readonly limit: number }): Promise<AuditedLevel[]> {
  const rows = await em.execute<(Omit<AuditedLevel, 'level' | 'journal'> & { level: Quantities; journal: Quantities })[]>(
    `select l.id, l.sku_id as "skuId", l.location_id as "locationId", l.bucket, l.version::float8 as version, coalesce(c.sequence, 0)::float8 as "checkpointSequence",
       ${sums((column) => `l.${column}`)} as level,
       ${sums((column) => `coalesce(c.${column}, 0) + m.${column}`)} as journal,
       (l.version - coalesce(c.sequence, m.first - 1) - m.count)::float8 as "missingMovements", held.units::float8 as held
     from (select * from stock_level where tenant_id = ? and (?::text is null or id > ?) and (?::jsonb is null or id in (select jsonb_array_elements_text(?::jsonb))) order by id limit ?) l
     left join lateral (select * from stock_checkpoint c where c.stock_level_id = l.id order by c.sequence desc limit 1) c on true
     cross join lateral (
       select count(*) filter (where m.sequence > 0) as count, coalesce(min(m.sequence) filter (where m.sequence > 0), l.version + 1) as first,
         ${['on_hand', 'reserved', 'unavailable', 'incoming', 'allowance', 'deficit'].map((column) => `coalesce(sum(m.${column}), 0) as ${column}`).join(', ')}
       from stock_movement m where m.stock_level_id = l.id and (c.sequence is null or m.sequence > c.sequence)
     ) m
     cross join lateral (
       select coalesce(sum(open), 0) as units from (
         select open from reservation_line where stock_level_id = l.id and open > 0 and expires_at is null
         union all select open from reservation_line where stock_level_id = l.id and expires_at is not null
       ) o
     ) held
     order by l.id`,
    [tenantId, afterId ?? null, afterId ?? null, ids ? JSON.stringify(ids) : null, ids ? JSON.stringify(ids) : null, limit]);
  return rows;
}
