import { orderToShip, tellProducts } from '@quanyu/calls';
import type { SubgraphDeps } from '@quanyu/subgraph';
import type { OrderToPush, ProductToPush } from '../../channels/connector.js';
import type { DueCopy } from '../../queries/due-copies.js';

type Deps = Pick<SubgraphDeps, 'vault' | 'calls'>;

/** What a copy is made of now: there, not yet, no longer, or lacking something. */
export type Found = { readonly kind: 'there'; readonly body: OrderToPush | ProductToPush } | { readonly kind: 'wait' } | { readonly kind: 'gone' } | { readonly kind: 'failed'; readonly code: string };
export interface ToCopy { readonly copy: DueCopy; readonly found: Found }

type ShipTo = OrderToPush['shipTo'];
const NOWHERE: ShipTo = { name: null, phone: null, address1: null, address2: null, city: null, province: null, postalCode: null, countryCode: null };

/** Orders as they stand now; the address is opened here, and only what may leave of it does. */
export async function ordersToCopy({ calls, vault }: Deps, tenantId: string, copies: readonly DueCopy[]): Promise<readonly ToCopy[]> {
  const found: ToCopy[] = [];
  for (const copy of copies) {
    if (copy.ended) {
      found.push({ copy, found: { kind: 'there', body: { sourceId: copy.subjectId } as OrderToPush } });
      continue;
    }
    const told = await calls.invoke(orderToShip, { tenantId, orderId: copy.subjectId });
    if (told.kind !== 'ship') {
      found.push({ copy, found: { kind: told.kind === 'wait' ? 'wait' : 'gone' } });
      continue;
    }
    const { connectionId: _from, sealedShipTo, sealedNotes: _notes, placedAt, lines, ...order } = told.order;
    const shipTo = sealedShipTo === null ? NOWHERE : { ...NOWHERE, ...JSON.parse(vault.open(sealedShipTo, { tenantId, row: copy.subjectId, field: 'shipTo' })) as Partial<ShipTo> };
    found.push({ copy, found: { kind: 'there', body: { ...order, sourceId: copy.subjectId, placedAt: new Date(placedAt), shipTo, lines: lines.map(({ skuId: _sku, ...line }) => line) } } });
  }
  return found;
}

/** Products as they stand now, by one question for all of them. */
export async function productsToCopy({ calls }: Deps, tenantId: string, currency: string, copies: readonly DueCopy[]): Promise<readonly ToCopy[]> {
  if (copies.length === 0) return [];
  const { products } = await calls.invoke(tellProducts, { tenantId, currency, productIds: copies.map(({ subjectId }) => subjectId) });
  const byId = new Map(products.map((product) => [product.productId, product]));
  return copies.map((copy) => ({ copy, found: productOf(byId.get(copy.subjectId), currency) }));
}

function productOf(product: { readonly productId: string; readonly title: string; readonly brand: string | null; readonly status: ProductToPush['status']; readonly skus: readonly { readonly priceMinor: number | null; readonly skuId: string }[] } | undefined, currency: string): Found {
  if (product === undefined) return { kind: 'gone' };
  const { productId, title, brand, status } = product;
  const skus = product.skus as readonly (ProductToPush['skus'][number] & { readonly skuId: string; readonly priceMinor: number | null })[];
  if (skus.length === 0) return { kind: 'failed', code: 'NO_SKU' };
  // A price that is not known must not become one: the shop would sell for it.
  if (skus.some(({ priceMinor }) => priceMinor === null)) return { kind: 'failed', code: `NO_PRICE_IN_${currency}` };
  return { kind: 'there', body: { sourceId: productId, title, brand, status, currency, skus: skus.map(({ skuId: _sku, ...sku }) => sku) } };
}
