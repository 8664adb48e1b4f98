import type { EntityManager } from '@mikro-orm/postgresql';
import { exponentOf } from '@quanyu/money';
import { FOUR_EYES_FROM } from '../../domain/after-sale.js';
import type { SalesOrderRow } from '../../entities/sales-order.entity.js';

/** Whether a second person has to agree to a refund of an order, by the tenant's rule for its currency. */
export async function needsSecondPerson(em: EntityManager, { tenantId, currency }: Pick<SalesOrderRow, 'tenantId' | 'currency'>, amountMinor: number): Promise<boolean> {
  const [rule] = await em.execute<{ from: string }[]>('select four_eyes_from_minor as from from refund_rule where tenant_id = ? and currency = ?', [tenantId, currency]);
  return amountMinor >= (rule === undefined ? FOUR_EYES_FROM * 10 ** exponentOf(currency) : Number(rule.from));
}
