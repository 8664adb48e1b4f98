import { productChanged } from '@quanyu/events';
import { newId } from '@quanyu/ids';
import type { Money } from '@quanyu/money';
import { record } from '@quanyu/outbox';
import { refuse, type GraphContext, type Refusal } from '@quanyu/subgraph';
import { isValidity, type Validity } from '../domain/price.js';
import type { CatalogErrorCode } from '../errors.js';
import { lockSku } from './lock-sku.js';

export interface SetPrice extends Validity { readonly skuId: string; readonly price: Money }

/** Sets what a SKU costs in the currency of the price; prices in other currencies stay. The same again changes nothing. */
export function setPrice(ctx: GraphContext, { skuId, price, validFrom, validTo }: SetPrice): Promise<{ kind: 'set' } | Refusal<CatalogErrorCode>> {
  const { tenantId } = ctx.viewer;
  return ctx.write('set-price', async (em) => {
    if (price.amountMinor < 0) return refuse('PRICE_NEGATIVE', 'price');
    if (!isValidity({ validFrom, validTo })) return refuse('VALIDITY_INVALID', 'validTo');
    const sku = await lockSku(em, tenantId, skuId);
    if (sku === null) return refuse('SKU_NOT_FOUND', 'skuId');
    const [floor] = await em.execute<unknown[]>("select 1 from floor_price where sku_id = ? and connection_id = '' and currency = ? and amount_minor > ?", [skuId, price.currency, price.amountMinor]);
    if (floor !== undefined) return refuse('PRICE_BELOW_FLOOR', 'price');
    await em.execute(
      `insert into price (id, tenant_id, sku_id, kind, currency, amount_minor, valid_from, valid_to) values (?, ?, ?, 'BASE', ?, ?, ?, ?)
       on conflict (sku_id, kind, currency) do update
         set amount_minor = excluded.amount_minor, valid_from = excluded.valid_from, valid_to = excluded.valid_to, updated_at = app_now()`,
      [newId('prc'), tenantId, skuId, price.currency, price.amountMinor, validFrom ?? null, validTo ?? null]);
    record(em, productChanged({ tenantId, sequence: 1, data: { productId: sku.productId } }));
    return { kind: 'set' };
  });
}
