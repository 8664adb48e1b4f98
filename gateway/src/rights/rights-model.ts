import { Kind, parse, type ConstDirectiveNode, type DocumentNode, type FieldDefinitionNode, type SelectionSetNode, type TypeDefinitionNode } from 'graphql';
import { nameOf, requirementsOf, type Requirement } from './requirement.js';

interface TypeRights {
  readonly own: readonly Requirement[];
  readonly fields: ReadonlyMap<string, { readonly own: readonly Requirement[]; readonly type: string; /** Selections that `@requires` names. */ readonly requires: readonly string[] }>;
  /** Types that implement it, or are its members. */
  readonly possible: string[];
}

/**
 * What each field of a supergraph asks of the viewer: its own directives, those of the type it gives, and those of the
 * fields that it is computed from by `@requires`: else a field could tell what its source may not. A field of an
 * interface asks what any of the types behind it asks.
 */
export class RightsModel {
  readonly #types = new Map<string, TypeRights>();
  readonly #known = new Map<string, readonly Requirement[]>();

  constructor(supergraphSdl: string) {
    const { definitions } = parse(supergraphSdl, { noLocation: true });
    const types = definitions.filter((definition): definition is TypeDefinitionNode => 'name' in definition && TYPE_KINDS.has(definition.kind));
    for (const definition of types) {
      const fields = 'fields' in definition && definition.kind !== Kind.INPUT_OBJECT_TYPE_DEFINITION ? (definition.fields ?? []) as readonly FieldDefinitionNode[] : [];
      this.#types.set(definition.name.value, {
        own: requirementsOf(definition.directives),
        fields: new Map(fields.map((field) => [field.name.value, { own: requirementsOf(field.directives), type: namedType(field), requires: requiredSelections(field.directives) }])),
        possible: definition.kind === Kind.UNION_TYPE_DEFINITION ? (definition.types ?? []).map(({ name }) => name.value) : [],
      });
    }
    for (const definition of types) {
      if (!('interfaces' in definition)) continue;
      for (const { name } of definition.interfaces ?? []) this.#types.get(name.value)?.possible.push(definition.name.value);
    }
  }

  /** What a field asks of the viewer; empty for most. */
  of(type: string, field: string): readonly Requirement[] {
    const key = `${type}.${field}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    // Set first: `@requires` may lead back here.
    this.#known.set(key, []);
    const found = new Map(this.#collect(type, field).map((requirement) => [nameOf(requirement), requirement]));
    const requirements = [...found.values()];
    this.#known.set(key, requirements);
    return requirements;
  }

  #collect(type: string, name: string): Requirement[] {
    const rights = this.#types.get(type);
    const field = rights?.fields.get(name);
    const behind = (rights?.possible ?? []).flatMap((possible) => this.of(possible, name));
    if (field === undefined) return behind;
    const given = this.#types.get(field.type);
    return [
      ...field.own, ...(given?.own ?? []), ...behind,
      ...field.requires.flatMap((selection) => this.#ofSelection(type, (parse(`{ ${selection} }`, { noLocation: true }) as DocumentNode))),
    ];
  }

  #ofSelection(type: string, { definitions: [operation] }: DocumentNode): Requirement[] {
    const walk = (parent: string, { selections }: SelectionSetNode): Requirement[] => selections.flatMap((selection): Requirement[] => {
      if (selection.kind === Kind.FRAGMENT_SPREAD) return [];
      if (selection.kind === Kind.INLINE_FRAGMENT) return walk(selection.typeCondition?.name.value ?? parent, selection.selectionSet);
      const field = selection.name.value;
      const below = selection.selectionSet === undefined ? [] : walk(this.#types.get(parent)?.fields.get(field)?.type ?? '', selection.selectionSet);
      return [...this.of(parent, field), ...below];
    });
    return operation?.kind === Kind.OPERATION_DEFINITION ? walk(type, operation.selectionSet) : [];
  }
}

const TYPE_KINDS: ReadonlySet<string> = new Set([
  Kind.OBJECT_TYPE_DEFINITION, Kind.INTERFACE_TYPE_DEFINITION, Kind.UNION_TYPE_DEFINITION, Kind.ENUM_TYPE_DEFINITION, Kind.SCALAR_TYPE_DEFINITION,
]);

function namedType({ type }: FieldDefinitionNode): string {
  let inner = type;
  while (inner.kind !== Kind.NAMED_TYPE) inner = inner.type;
  return inner.name.value;
}

/** Composition keeps `@requires(fields:)` as an argument of `@join__field`. */
const requiredSelections = (directives: readonly ConstDirectiveNode[] = []): string[] => directives
  .filter(({ name }) => name.value === 'join__field')
  .flatMap(({ arguments: given = [] }) => given.flatMap(({ name, value }) => (name.value === 'requires' && value.kind === Kind.STRING ? [value.value] : [])));
