import type { EntityManager } from '@mikro-orm/postgresql';
import type { Database } from '@quanyu/database';
import { stockShort } from '@quanyu/events';
import { record } from '@quanyu/outbox';
import type { Wanted } from '../../domain/ask.js';
import { reserveStock } from './reserve-stock.js';

/** The answer is not known: whoever delivers the event has to do it again. */
export class StockUnanswered extends Error {
  constructor(readonly code: string) {
    super('stock was not answered');
    this.name = 'StockUnanswered';
  }
}

/**
 * Holds what an order wants until the order itself ends it, and tells orders. Runs in the engine's own transaction, which
 * its key makes safe to repeat: `em` only holds the inbox row.
 */
export async function holdOrder(em: EntityManager, database: Database, { tenantId, orderId, lines }: { readonly tenantId: string; readonly orderId: string; readonly lines: readonly Wanted[] }): Promise<void> {
  const outcome = await reserveStock(database, { tenantId, key: orderId, lines, hold: 'UNTIL_ENDED', tells: 'held and short' });
  if (outcome.kind !== 'refused') return;
  switch (outcome.code) {
    case 'STOCK_BUSY': case 'STOCK_UNAVAILABLE': case 'SOLD_OUT': throw new StockUnanswered(outcome.code);
    // No shop has so much of anything.
    case 'QUANTITY_INVALID': case 'LINES_INVALID':
      record(em, stockShort({ tenantId, sequence: 1, data: { orderId, lines: lines.map(({ skuId, quantity }) => ({ skuId, asked: quantity, available: 0 })) } }));
      return;
    // Known already, with these lines or others, or ended before it came: what it was told stands.
    default:
  }
}
