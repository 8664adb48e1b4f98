import type { Database } from '@quanyu/database';

export interface Offer { readonly skuId: string; readonly code: string; readonly title: string; readonly weightGrams: number | null; readonly unitPriceMinor: number | null; readonly floorMinor: number | null }
export interface Place { readonly tenantId: string; readonly currency: string; /** Whose own floors go before the general ones. */ readonly connectionId: string | null }

/** What SKUs are sold for now in a currency, in one statement; those that nobody has are left out. */
export async function offersOf(database: Database, { tenantId, currency, connectionId }: Place, skuIds: readonly string[]): Promise<Offer[]> {
  const rows = await database.read(tenantId, (em) => em.execute<{ skuId: string; code: string; title: string; weightGrams: number | null; amount: string | null; floor: string | null }[]>(
    `select s.id as "skuId", s.code, coalesce(s.title, p.title) as title, s.weight_grams as "weightGrams", price.amount_minor as amount, floor.amount_minor as floor
     from sku s join product p on p.id = s.product_id
     left join lateral (
       select amount_minor from price c where c.tenant_id = s.tenant_id and c.sku_id = s.id and c.kind = 'BASE' and c.currency = ?
         and (c.valid_from is null or c.valid_from <= app_now()) and (c.valid_to is null or app_now() < c.valid_to) limit 1
     ) price on true
     left join lateral (
       select amount_minor from floor_price f where f.tenant_id = s.tenant_id and f.sku_id = s.id and f.currency = ? and f.connection_id in ('', ?) and f.amount_minor is not null
       order by f.connection_id desc limit 1
     ) floor on true
     where s.tenant_id = ? and s.id = any (?::text[])`,
    [currency, currency, connectionId ?? '', tenantId, `{${skuIds.map((id) => JSON.stringify(id)).join(',')}}`]));
  return rows.map(({ amount, floor, ...row }) => ({ ...row, unitPriceMinor: amount === null ? null : Number(amount), floorMinor: floor === null ? null : Number(floor) }));
}
