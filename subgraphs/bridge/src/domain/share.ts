// What of something of ours another system is given: the fields that are named, and nothing besides.

type Tree = { readonly [name: string]: Tree | true };

/** Names and nothing else: what is told of a push is told of fields, never of values. */
export interface Shared<T> { readonly body: T; readonly fields: readonly string[] }

/** @param allowed paths of the value, `shipTo.city`, through lists as well: `lines.title` */
export function share<T extends object>(value: T, allowed: readonly string[]): Shared<T> {
  const used = new Set<string>();
  return { body: keep(value, treeOf(allowed), '', used) as T, fields: allowed.filter((path) => used.has(path)) };
}

function treeOf(paths: readonly string[]): Tree {
  const root: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const path of paths) {
    const names = path.split('.');
    let at = root;
    for (const name of names.slice(0, -1)) at = (at[name] ??= Object.create(null)) as Record<string, unknown>;
    at[names.at(-1)!] = true;
  }
  return root as Tree;
}

function keep(value: unknown, tree: Tree, path: string, used: Set<string>): unknown {
  if (Array.isArray(value)) return value.map((one) => keep(one, tree, path, used));
  if (typeof value !== 'object' || value === null) return null;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => {
    const below = Object.hasOwn(tree, name) ? tree[name]! : undefined;
    const here = path === '' ? name : `${path}.${name}`;
    // Left out by a null that every reader of the port knows, so that a missing right never breaks a push.
    if (below === undefined) return [name, Array.isArray(part) ? [] : null];
    if (below !== true) return [name, keep(part, below, here, used)];
    if (part !== null && part !== undefined && part !== '') used.add(here);
    return [name, part];
  }));
}
