import type { EntityManager } from '@mikro-orm/postgresql';
import { newId } from '@quanyu/ids';
import type { Actor, Deed } from '../../domain/actor.js';
import type { SalesOrderRow } from '../../entities/sales-order.entity.js';
import { TimelineEntry, type TimelineDetail } from '../../entities/timeline-entry.entity.js';

/** Who changes an order, and when. */
export interface Change { readonly at: Date; readonly by: Actor }

/** Tells the timeline what was done; the row goes in with the transaction. */
export function note(em: EntityManager, order: SalesOrderRow, { at, by }: Change, deed: Deed, detail: TimelineDetail = {}): void {
  em.create(TimelineEntry, { id: newId('tml'), tenantId: order.tenantId, orderId: order.id, at, deed, actorKind: by.kind, actorId: by.id, status: order.status, detail });
}
