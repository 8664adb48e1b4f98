import type { Database } from '@quanyu/database';

export interface Offer { readonly skuId: string; readonly code: string; readonly title: string; readonly weightGrams: number | null; readonly unitPriceMinor: number | null }

/** What SKUs are sold for now in a currency, in one statement; those that nobody has are left out. */
export async function offersOf(database: Database, tenantId: string, currency: string, skuIds: readonly string[]): Promise<Offer[]> {
  const rows = await database.read(tenantId, (em) => em.execute<{ skuId: string; code: string; title: string; weightGrams: number | null; amount: string | null }[]>(
    `select s.id as "skuId", s.code, coalesce(s.title, p.title) as title, s.weight_grams as "weightGrams", price.amount_minor as amount
     from sku s join product p on p.id = s.product_id
     left join lateral (
       select amount_minor from price c where c.tenant_id = s.tenant_id and c.sku_id = s.id and c.kind = 'BASE' and c.currency = ?
         and (c.valid_from is null or c.valid_from <= app_now()) and (c.valid_to is null or app_now() < c.valid_to) limit 1
     ) price on true
     where s.tenant_id = ? and s.id = any (?::text[])`,
    [currency, tenantId, `{${skuIds.map((id) => JSON.stringify(id)).join(',')}}`]));
  return rows.map(({ amount, ...row }) => ({ ...row, unitPriceMinor: amount === null ? null : Number(amount) }));
}
