import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Sku, type SkuRow } from '../entities/sku.entity.js';

/** A SKU by its id, locked: its price and its floor are judged one after the other. */
export const lockSku = (em: EntityManager, tenantId: string, skuId: string): Promise<SkuRow | null> =>
  em.findOne(Sku, { tenantId, id: skuId as never }, { lockMode: LockMode.PESSIMISTIC_WRITE });
