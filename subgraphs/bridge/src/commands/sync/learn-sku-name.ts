import type { EntityManager } from '@mikro-orm/postgresql';

/** Keeps what a SKU is called: everywhere, or on one channel. */
export async function learnSkuName(em: EntityManager, tenantId: string, { connectionId, name, skuId }: { readonly connectionId: string | null; readonly name: string; readonly skuId: string }): Promise<void> {
  await em.execute(
    `insert into sku_name (tenant_id, connection_id, name, sku_id) values (?, ?, ?, ?)
     on conflict (tenant_id, connection_id, name) do update set sku_id = excluded.sku_id`, [tenantId, connectionId ?? '', name, skuId]);
}
