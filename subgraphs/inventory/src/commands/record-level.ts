import type { EntityManager } from '@mikro-orm/postgresql';
import { stockLevelChanged } from '@quanyu/events';
import { record } from '@quanyu/outbox';
import { available } from '../domain/available.js';
import type { StockLevelRow } from '../entities/stock-level.entity.js';

/** Marks a level as changed and tells its whole state: a lost or doubled hint repairs itself with the next one. */
export function recordLevel(em: EntityManager, level: StockLevelRow, at: Date): void {
  level.version += 1;
  level.updatedAt = at;
  record(em, stockLevelChanged({
    tenantId: level.tenantId,
    sequence: level.version,
    data: { stockLevelId: level.id, skuId: level.skuId, locationId: level.locationId, onHand: level.onHand, reserved: level.reserved, available: available(level) },
  }));
}
