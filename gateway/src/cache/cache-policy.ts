import { Kind, type SelectionSetNode } from 'graphql';
import { fragmentsOf, type Operation } from '../plan/operation.js';
import type { Supergraph } from '../supergraph.js';
import { CacheRules, type FieldRule, type Hint } from './cache-rules.js';

/** Where the ids of entities stand in an answer, by response keys. */
export interface Places { readonly ids: readonly string[]; readonly isEntity: boolean; readonly below: ReadonlyMap<string, Places> }

/** How long the answer to an operation may be kept, by whom, and what it holds. */
export interface CachePolicy extends Hint {
  readonly places: Places;
  /** It has a list that belongs to no entity, and to no viewer: something new may belong into it, of which the answer knows no id. */
  readonly grows: boolean;
  /** The subgraphs that it comes from. */
  readonly graphs: ReadonlySet<string>;
}

/** What a field without a hint of its own takes from above. */
interface Inherited { readonly hint: Hint; readonly graphs: ReadonlySet<string> }

const known = new WeakMap<Supergraph, { readonly rules: CacheRules; readonly policies: WeakMap<object, CachePolicy | false> }>();

/**
 * How the answer to an operation may be kept; undefined where one of its fields does not allow it.
 *
 * A field allows it by a hint of its own or of its type. Values, and objects without a key, are part of what holds
 * them and take its hint, as long as they come from the same subgraph: stock beside a product is not the product.
 * Each entity must be asked for its id, since by these it is noticed when an answer has become old. What holds for an
 * operation of a client holds for a fetch of its plan too.
 */
export function cachePolicy(supergraph: Supergraph, { definition, document }: Pick<Operation, 'definition' | 'document'>): CachePolicy | undefined {
  let of = known.get(supergraph);
  if (of === undefined) known.set(supergraph, (of = { rules: new CacheRules(supergraph.sdl), policies: new WeakMap() }));
  if (!of.rules.any || definition.operation !== 'query') return undefined;
  let policy = of.policies.get(definition);
  if (policy === undefined) {
    const reader = new PolicyReader(of.rules, fragmentsOf(document));
    const places = reader.read(supergraph.apiSchema.getQueryType()?.name ?? '', definition.selectionSet, undefined);
    policy = places !== undefined && reader.seconds > 0 && reader.seconds !== Infinity && { seconds: reader.seconds, personal: reader.personal, grows: reader.grows, graphs: reader.graphs, places };
    of.policies.set(definition, policy);
  }
  return policy === false ? undefined : policy;
}

class PolicyReader {
  seconds = Infinity;
  personal = false;
  grows = false;
  readonly graphs = new Set<string>();

  constructor(private readonly rules: CacheRules, private readonly fragments: ReturnType<typeof fragmentsOf>) {}

  /** The places of a selection set; undefined where something in it may not be kept. */
  read(type: string, set: SelectionSetNode, inherited: Inherited | undefined, ownedAbove = false): Places | undefined {
    const ids: string[] = [];
    const below = new Map<string, Places>();
    const isEntity = this.rules.isEntity(type);
    if (!this.#readInto(type, set, inherited, isEntity || ownedAbove, ids, below)) return undefined;
    return isEntity && ids.length === 0 ? undefined : { ids, isEntity, below };
  }

  #readInto(type: string, { selections }: SelectionSetNode, inherited: Inherited | undefined, owned: boolean, ids: string[], below: Map<string, Places>): boolean {
    return selections.every((selection): boolean => {
      // A deferred part has an answer of its own.
      if (selection.directives?.some(({ name }) => name.value === 'defer') === true) return false;
      if (selection.kind !== Kind.FIELD) {
        const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? this.fragments.get(selection.name.value) : selection;
        return fragment !== undefined && (fragment.typeCondition?.name.value ?? type) === type && this.#readInto(type, fragment.selectionSet, inherited, owned, ids, below);
      }
      const name = selection.name.value;
      if (name === '__typename') return true;
      const key = (selection.alias ?? selection.name).value;
      const field = this.rules.field(type, name);
      if (field === undefined || this.rules.isAbstract(field.type)) return false;
      const taken = this.#hintOf(field, inherited);
      if (taken === undefined) return false;
      this.seconds = Math.min(this.seconds, taken.hint.seconds);
      this.personal ||= taken.hint.personal;
      this.grows ||= field.isList && !owned && !taken.hint.personal;
      for (const graph of field.graphs) this.graphs.add(graph);
      if (name === 'id') ids.push(key);
      if (selection.selectionSet === undefined) return true;
      const places = this.read(field.type, selection.selectionSet, taken, owned);
      if (places === undefined) return false;
      below.set(key, merged(below.get(key), places));
      return true;
    });
  }

  #hintOf(field: FieldRule, inherited: Inherited | undefined): Inherited | undefined {
    const hint = field.hint ?? this.rules.hint(field.type);
    if (hint !== undefined) return { hint, graphs: field.graphs };
    if (inherited === undefined || this.rules.isEntity(field.type)) return undefined;
    return [...field.graphs].some((graph) => inherited.graphs.has(graph)) ? inherited : undefined;
  }
}

/** Both halves of a field that was selected twice. */
function merged(one: Places | undefined, other: Places): Places {
  if (one === undefined) return other;
  const below = new Map(one.below);
  for (const [key, places] of other.below) below.set(key, merged(below.get(key), places));
  return { ids: [...one.ids, ...other.ids], isEntity: other.isEntity, below };
}

/** The ids of all entities in an answer; undefined where one of them cannot be told. */
export function idsIn(places: Places, data: unknown, ids = new Set<string>()): ReadonlySet<string> | undefined {
  if (data === null || data === undefined) return ids;
  if (Array.isArray(data)) return data.every((item) => idsIn(places, item, ids) !== undefined) ? ids : undefined;
  const object = data as Readonly<Record<string, unknown>>;
  if (places.isEntity) {
    const id = places.ids.map((key) => object[key]).find((value) => typeof value === 'string');
    if (typeof id !== 'string') return undefined;
    ids.add(id);
  }
  for (const [key, below] of places.below) if (idsIn(below, object[key], ids) === undefined) return undefined;
  return ids;
}
