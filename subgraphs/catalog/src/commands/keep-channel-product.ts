import type { EntityManager } from '@mikro-orm/postgresql';
import type { channelProductTold, EventOf } from '@quanyu/events';
import { newId } from '@quanyu/ids';

export type ToldChannelProduct = EventOf<typeof channelProductTold>['data'];
type Told = ToldChannelProduct;

interface Kept { readonly id: string; /** Whether this telling is the newest that is known. */ readonly newest: boolean }

/**
 * Keeps what a channel says of a product, in one transaction: the product, its variants, its images. Comes again, late and
 * out of order without harm: each row keeps the newest telling, and what the newest does not name is gone.
 */
export async function keepChannelProduct(em: EntityManager, tenantId: string, told: Told): Promise<void> {
  const product = await keepProduct(em, tenantId, told);
  await keepVariants(em, tenantId, product, told);
  if (told.product !== null) await keepImages(em, tenantId, product, told, told.product.images);
  if (!product.newest) return;
  if (told.removed || told.part === told.parts) await endOlder(em, 'channel_variant', product.id, told);
  if (told.removed || told.product !== null) await endOlder(em, 'channel_image', product.id, told);
}

async function keepProduct(em: EntityManager, tenantId: string, { connectionId, externalProductId, platform, product, changedAt, readAt, removed }: Told): Promise<Kept> {
  await em.execute(
    `insert into channel_product as p (id, tenant_id, connection_id, external_id, platform, title, body_html, vendor, product_type, handle, tags, status, published_at, options, changed_at, read_at, deleted_at)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?, ?, ?::jsonb, ?, ?, case when ? then app_now() end)
     on conflict (tenant_id, connection_id, external_id) do update set
       ${product === null ? '' : HEAD.map((column) => `${column} = excluded.${column}, `).join('')}changed_at = excluded.changed_at, read_at = excluded.read_at, deleted_at = excluded.deleted_at, updated_at = app_now()
       where (p.changed_at, p.read_at) <= (excluded.changed_at, excluded.read_at)`,
    [newId('cpr'), tenantId, connectionId, externalProductId, platform, product?.title ?? '', product?.bodyHtml ?? null, product?.vendor ?? null, product?.productType ?? null, product?.handle ?? null,
      JSON.stringify(product?.tags ?? []), product?.status ?? 'DRAFT', product?.publishedAt ?? null, JSON.stringify(product?.options ?? []), changedAt, readAt, removed]);
  const [row] = await em.execute<Kept[]>(
    'select id, (changed_at, read_at) = (?::timestamptz, ?::timestamptz) as newest from channel_product where tenant_id = ? and connection_id = ? and external_id = ?', [changedAt, readAt, tenantId, connectionId, externalProductId]);
  return row!;
}

const HEAD = ['title', 'body_html', 'vendor', 'product_type', 'handle', 'tags', 'status', 'published_at', 'options'] as const;

async function keepVariants(em: EntityManager, tenantId: string, { id: productId, newest }: Kept, { connectionId, currency, variants, changedAt, readAt }: Told): Promise<void> {
  if (variants.length === 0) return;
  const rows = variants.map((one) => ({
    id: newId('cva'), external_id: one.externalVariantId, external_sku: one.externalSku, title: one.title, price_minor: one.priceMinor, compare_at_minor: one.compareAtMinor, quantity: one.quantity,
    weight: one.weight?.value ?? null, weight_unit: one.weight?.unit ?? null, requires_shipping: one.requiresShipping, options: one.options,
  }));
  // Of an older telling only what is not known at all is kept, as gone. In one order, always.
  await em.execute(
    `insert into channel_variant as v (id, tenant_id, product_id, connection_id, currency, changed_at, read_at, deleted_at, external_id, external_sku, title, price_minor, compare_at_minor, quantity, weight, weight_unit, requires_shipping, options)
     select r.id, ?, ?, ?, ?, ?::timestamptz, ?::timestamptz, case when ? then null else app_now() end, r.external_id, r.external_sku, r.title, r.price_minor, r.compare_at_minor, r.quantity, r.weight, r.weight_unit, r.requires_shipping, r.options
     from jsonb_to_recordset(?::jsonb) as r (id text, external_id text, external_sku text, title text, price_minor bigint, compare_at_minor bigint, quantity int, weight numeric, weight_unit text, requires_shipping boolean, options jsonb)
     order by r.external_id
     on conflict (tenant_id, connection_id, external_id) do update set product_id = excluded.product_id, external_sku = excluded.external_sku, title = excluded.title, currency = excluded.currency, price_minor = excluded.price_minor,
       compare_at_minor = excluded.compare_at_minor, quantity = excluded.quantity, weight = excluded.weight, weight_unit = excluded.weight_unit, requires_shipping = excluded.requires_shipping, options = excluded.options,
       changed_at = excluded.changed_at, read_at = excluded.read_at, deleted_at = excluded.deleted_at, updated_at = app_now()
       where (v.changed_at, v.read_at) <= (excluded.changed_at, excluded.read_at)`,
    [tenantId, productId, connectionId, currency, changedAt, readAt, newest, JSON.stringify(rows)]);
}

async function keepImages(em: EntityManager, tenantId: string, { id: productId, newest }: Kept, { changedAt, readAt }: Told, images: NonNullable<Told['product']>['images']): Promise<void> {
  if (images.length === 0) return;
  await em.execute(
    `insert into channel_image as i (tenant_id, product_id, changed_at, read_at, deleted_at, external_id, src, position, width, height)
     select ?, ?, ?::timestamptz, ?::timestamptz, case when ? then null else app_now() end, r."externalImageId", r.src, r.position, r.width, r.height
     from jsonb_to_recordset(?::jsonb) as r ("externalImageId" text, src text, position int, width int, height int) order by r."externalImageId"
     on conflict (product_id, external_id) do update set src = excluded.src, position = excluded.position, width = excluded.width, height = excluded.height,
       changed_at = excluded.changed_at, read_at = excluded.read_at, deleted_at = excluded.deleted_at, updated_at = app_now()
       where (i.changed_at, i.read_at) <= (excluded.changed_at, excluded.read_at)`,
    [tenantId, productId, changedAt, readAt, newest, JSON.stringify(images)]);
}

/** What the newest telling of a product did not name; all of it where the channel sells it no more. */
async function endOlder(em: EntityManager, table: 'channel_variant' | 'channel_image', productId: string, { changedAt, readAt }: Told): Promise<void> {
  await em.execute(
    `update ${table} set deleted_at = app_now(), updated_at = app_now() where product_id = ? and deleted_at is null and (changed_at, read_at) < (?::timestamptz, ?::timestamptz)`, [productId, changedAt, readAt]);
}
