import type { tellProducts } from '@quanyu/calls';
import type { Database } from '@quanyu/database';
import type { z } from 'zod';

type Asked = z.output<typeof tellProducts.input>;
type Told = z.input<typeof tellProducts.output>;

/** Products with their SKUs and prices of now, in one statement. */
export async function toldProducts(database: Database, { tenantId, currency, productIds, after, first }: Asked): Promise<Told> {
  const named = productIds !== null;
  const rows = await database.read(tenantId, (em) => em.execute<Told['products']>(
    `select p.id as "productId", p.title, p.brand, p.status, coalesce(s.skus, '[]'::jsonb) as skus
     from (select * from product where tenant_id = ? and ${named ? 'id = any (?::text[])' : 'id > ?'} order by id limit ?) p
     left join lateral (
       select jsonb_agg(jsonb_build_object('skuId', s.id, 'code', s.code, 'title', s.title, 'options', s.options, 'barcode', s.barcode, 'weightGrams', s.weight_grams, 'priceMinor', c.amount_minor) order by s.id) as skus
       from sku s left join lateral (
         select amount_minor from price c where c.tenant_id = s.tenant_id and c.sku_id = s.id and c.kind = 'BASE' and c.currency = ?
           and (c.valid_from is null or c.valid_from <= app_now()) and (c.valid_to is null or app_now() < c.valid_to) limit 1
       ) c on true
       where s.tenant_id = p.tenant_id and s.product_id = p.id
     ) s on true order by p.id`,
    [tenantId, named ? `{${productIds.map((id) => JSON.stringify(id)).join(',')}}` : after, first, currency]));
  return { products: rows, next: !named && rows.length === first ? rows.at(-1)!.productId : null };
}
