import type { ProductToPush } from '../connector.js';

type Sku = ProductToPush['skus'][number];
interface Option { readonly name: string; readonly values: readonly string[] }
/** What buyers choose by: options of a product, and each SKU's value of them, in the same order. */
export interface Choices { readonly options: readonly Option[]; readonly valuesOf: ReadonlyMap<Sku, readonly string[]> }

const MOST_OPTIONS = 3;

/** The SKUs' own options where they all have the same few and differ in them; else one choice by their names. */
export function choicesOf({ skus }: Pick<ProductToPush, 'skus'>): Choices {
  const names = skus[0]?.options.map(({ name }) => name) ?? [];
  const values = skus.map((sku) => names.map((name) => sku.options.find((option) => option.name === name)?.value ?? ''));
  const isSame = names.length > 0 && names.length <= MOST_OPTIONS && skus.every(({ options }) => options.length === names.length) && values.flat().every((value) => value !== '')
    && new Set(values.map((row) => JSON.stringify(row))).size === skus.length;
  if (isSame) return choices(names, skus, values);
  if (skus.length === 1) return choices(['Title'], skus, [['Default Title']]);
  const titles = skus.map(({ title, code }) => title ?? code);
  return choices(['Variant'], skus, new Set(titles).size === titles.length ? titles.map((title) => [title]) : skus.map(({ code }) => [code]));
}

const choices = (names: readonly string[], skus: readonly Sku[], values: readonly (readonly string[])[]): Choices => ({
  options: names.map((name, at) => ({ name, values: [...new Set(values.map((row) => row[at]!))] })),
  valuesOf: new Map(skus.map((sku, at) => [sku, values[at]!])),
});
