import type { EntityManager } from '@mikro-orm/postgresql';
import { skuCreated } from '@quanyu/events';
import { newId, type Id } from '@quanyu/ids';
import type { Money } from '@quanyu/money';
import { record } from '@quanyu/outbox';
import { firstFault, type Fault, type SkuDraft } from '../domain/sku-draft.js';
import { Price } from '../entities/price.entity.js';
import { Sku, type SkuOption } from '../entities/sku.entity.js';

export interface NewSku extends SkuDraft {
  readonly title: string | null;
  readonly options: readonly SkuOption[];
  readonly barcode: string | null;
  readonly price: Money | null;
}

/** Looks for what is wrong with new SKUs. Until the transaction ends, nobody else can take their codes. */
export async function judgeSkus(em: EntityManager, tenantId: string, skus: readonly NewSku[]): Promise<Fault | null> {
  if (skus.length === 0) return null;
  const codes = [...new Set(skus.map(({ code }) => code))].sort();
  // A unique index alone would answer the second of two with an error in place of a refusal. Sorted against deadlocks.
  for (const code of codes) await em.execute("select pg_advisory_xact_lock(hashtext('catalog.sku-code'), hashtext(?))", [`${tenantId}/${code}`]);
  const taken = await em.find(Sku, { tenantId, code: { $in: codes } }, { fields: ['code'], disableIdentityMap: true });
  return firstFault(skus, new Set(taken.map(({ code }) => code)));
}

/** Inserts SKUs that were judged to be good, with their prices, and tells them. */
export async function insertSkus(em: EntityManager, { id: productId, tenantId }: { readonly id: Id<'prd'>; readonly tenantId: string }, skus: readonly NewSku[]): Promise<readonly Id<'sku'>[]> {
  // Step by step: without relations the unit of work does not know that products come before SKUs, and SKUs before prices.
  await em.flush();
  const rows = skus.map(({ code, title, options, barcode, weightGrams }) =>
    em.create(Sku, { id: newId('sku'), tenantId, productId, code, title, options: [...options], barcode, weightGrams }));
  await em.flush();
  for (const [index, { id, code }] of rows.entries()) {
    const { price } = skus[index]!;
    if (price !== null) em.create(Price, { id: newId('prc'), tenantId, skuId: id, kind: 'BASE', ...price, validFrom: null, validTo: null });
    record(em, skuCreated({ tenantId, sequence: 1, data: { skuId: id, productId, code } }));
  }
  return rows.map(({ id }) => id);
}
