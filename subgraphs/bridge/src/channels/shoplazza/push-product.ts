import { money, toDecimal } from '@quanyu/money';
import { PlatformError } from '../../outbound/platform-error.js';
import type { JsonObject } from '../asking/answer-object.js';
import type { ProductPushed, ProductToPush } from '../connector.js';
import { choicesOf } from '../reading/variant-options.js';

type Call = (method: 'GET' | 'POST' | 'PUT', path: string, options?: { readonly query?: Readonly<Record<string, string>>; readonly json?: unknown }) => Promise<JsonObject>;
interface Variant { readonly id: string; readonly product_id?: string; readonly sku?: string }

/** A product there is known by the codes of its SKUs: it has no key of ours. Variants that it has keep their ids, and so their stock. */
export async function pushProduct(call: Call, product: ProductToPush): Promise<ProductPushed> {
  const variants = await variantsOf(call, product);
  const productId = variants.find(({ product_id: id }) => id !== undefined)?.product_id;
  const { options, valuesOf } = choicesOf(product);
  const body = {
    title: product.title, ...(product.brand !== null && { vendor: product.brand }), published: product.status === 'ACTIVE', requires_shipping: true, inventory_tracking: true,
    options: options.map(({ name, values }) => ({ name, values })),
    variants: product.skus.map((sku) => {
      const known = variants.find(({ sku: code, product_id: of }) => code === sku.code && of === productId);
      const values = valuesOf.get(sku)!;
      return {
        ...(known !== undefined && { id: known.id }), sku: sku.code, price: toDecimal(money(sku.priceMinor, product.currency)), ...(sku.barcode !== null && { barcode: sku.barcode }),
        ...(sku.weightGrams !== null && { weight: sku.weightGrams, weight_unit: 'g' }), ...Object.fromEntries(values.map((value, at) => [`option${at + 1}`, value])),
      };
    }),
  };
  const path = productId === undefined ? '/products' : `/products/${encodeURIComponent(productId)}`;
  const { product: written } = await call(productId === undefined ? 'POST' : 'PUT', path, { json: { product: body } }) as { product?: { id?: string } };
  if (!written?.id) throw new PlatformError('ANSWER_INVALID');
  return { externalProductId: String(written.id) };
}

async function variantsOf(call: Call, { skus }: ProductToPush): Promise<readonly Variant[]> {
  const found: Variant[] = [];
  for (const { code } of skus) {
    const { variants = [] } = await call('GET', '/variants', { query: { skus: code } }) as { variants?: readonly Variant[] };
    found.push(...variants.filter(({ sku }) => sku === code));
  }
  return found;
}
