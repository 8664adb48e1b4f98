import DataLoader from 'dataloader';
import type { GraphContext } from './context.js';

/** Makes, for each request, the loader that asks once for all keys of a level. */
export type LoaderOf<K, V> = (context: GraphContext) => DataLoader<K, V>;

/**
 * Defines a loader of one value a key; null where the batch has none.
 * @param batch answers many keys with one SQL statement.
 */
export function defineLoader<K, V>(batch: (context: GraphContext, keys: readonly K[]) => Promise<ReadonlyMap<K, V>>): LoaderOf<K, V | null> {
  return perContext((context) => new DataLoader<K, V | null>(async (keys) => {
    const found = await batch(context, keys);
    return keys.map((key) => found.get(key) ?? null);
  }));
}

/** Defines a loader of many values a key; an empty list where the batch has none. */
export function defineListLoader<K, V>(batch: (context: GraphContext, keys: readonly K[]) => Promise<readonly V[]>, keyOf: (value: V) => K): LoaderOf<K, readonly V[]> {
  return perContext((context) => new DataLoader<K, readonly V[]>(async (keys) => {
    const groups = new Map<K, V[]>(keys.map((key) => [key, []]));
    for (const value of await batch(context, keys)) groups.get(keyOf(value))?.push(value);
    return keys.map((key) => groups.get(key) ?? []);
  }));
}

function perContext<L>(make: (context: GraphContext) => L): (context: GraphContext) => L {
  const made = new WeakMap<GraphContext, L>();
  return (context) => {
    let loader = made.get(context);
    if (loader === undefined) {
      loader = make(context);
      made.set(context, loader);
    }
    return loader;
  };
}
