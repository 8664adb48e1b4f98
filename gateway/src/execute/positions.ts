import { Kind, type SelectionSetNode } from 'graphql';
import type { Fetch } from './fetches.js';

/** The object itself, as opposed to what a later fetch hung on it. */
export const OWN = -1;

/** Where in an object the answer of a fetch hangs; no GraphQL name looks like it. */
export const slotName = (fetch: number): string => `$${fetch}`;

/**
 * One place in the answer, seen from the plan: which fetches make its objects, and which bring each field.
 *
 * Answers are not merged into one tree. What an entity fetch brings hangs on the object under the fetch's slot,
 * one assignment whatever it holds, and the compiled programs know for each field where to look.
 */
export class Position {
  readonly #sites = new Map<string, Site>();

  /** `own`: the fetches whose answers hold the objects of this place. */
  constructor(readonly own: ReadonlySet<number>) {}

  /** The fetches that bring a field. */
  providers(key: string): readonly number[] {
    return this.#sites.get(key)?.providers ?? [];
  }

  /** The place below a field; undefined where nobody brings one. */
  below(key: string): Position | undefined {
    return this.#sites.get(key)?.below;
  }

  /** Where to find a field: in the object itself, or in a fetch's slot. */
  slotOf(key: string): number {
    // Kept in the object and only ever made more exact: an `@interfaceObject` knows just the interface.
    if (key === '__typename') return OWN;
    const providers = this.providers(key);
    const [first] = providers;
    return first === undefined || providers.length > 1 || this.own.has(first) ? OWN : first;
  }

  /** The fields that a fetch has in common with others: they are moved into the object itself, and merged there. */
  sharedBy(fetch: number): string[] {
    if (this.own.has(fetch)) return [];
    return [...this.#sites].filter(([key, { providers }]) => key !== '__typename' && providers.length > 1 && providers.includes(fetch)).map(([key]) => key);
  }

  add(key: string, fetch: number): Position {
    let site = this.#sites.get(key);
    if (site === undefined) {
      const providers: number[] = [];
      this.#sites.set(key, (site = { providers, below: new Position(new Set()) }));
    }
    if (!site.providers.includes(fetch)) site.providers.push(fetch);
    (site.below.own as Set<number>).add(fetch);
    return site.below;
  }
}

interface Site { readonly providers: number[]; readonly below: Position }

/** Builds the places of an answer from its fetches; also gives the place where each fetch's answer hangs. */
export function positionsOf(fetches: readonly Fetch[]): { readonly root: Position; readonly at: readonly Position[] } {
  const root = new Position(new Set());
  const at = fetches.map((fetch) => {
    const position = positionAt(root, fetch.path);
    addSelections(position, fetch.selection, fetch.id, renamesOf(fetch));
    return position;
  });
  return { root, at };
}

export function positionAt(root: Position, path: readonly string[]): Position {
  let position = root;
  for (const key of path) {
    if (key === '@') continue;
    const below = position.below(key);
    if (below === undefined) throw new Error('a fetch of the plan belongs where nothing is');
    position = below;
  }
  return position;
}

/** The names that the plan had to change in a fetch, and what they are called again once the answer is there. */
export const renamesOf = ({ outputRewrites }: Fetch): ReadonlyMap<string, string> =>
  new Map(outputRewrites.flatMap((rewrite) => (rewrite.kind === 'KeyRenamer' ? [[rewrite.path.at(-1) ?? '', rewrite.renameKeyTo] as const] : [])));

function addSelections(position: Position, set: SelectionSetNode, fetch: number, renames: ReadonlyMap<string, string>): void {
  for (const selection of set.selections) {
    if (selection.kind === Kind.FRAGMENT_SPREAD) throw new Error('a fetch of the plan spreads a fragment');
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      addSelections(position, selection.selectionSet, fetch, renames);
      continue;
    }
    const name = selection.alias?.value ?? selection.name.value;
    const below = position.add(renames.get(name) ?? name, fetch);
    if (selection.selectionSet !== undefined) addSelections(below, selection.selectionSet, fetch, renames);
  }
}
