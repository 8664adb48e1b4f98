import { Kind, parse, type ConstDirectiveNode, type TypeNode } from 'graphql';

/** How long what a field gives may be kept, and whether by its viewer alone. */
export interface Hint { readonly seconds: number; readonly personal: boolean }

/** What is known of a field for keeping its answers. */
export interface FieldRule {
  readonly type: string;
  readonly isList: boolean;
  readonly hint: Hint | undefined;
  /** The subgraphs that it comes from. */
  readonly graphs: ReadonlySet<string>;
}

/** What a supergraph says of keeping answers, by `@cacheControl(maxAge:, private:)` on fields and object types. */
export class CacheRules {
  readonly #fields = new Map<string, FieldRule>();
  readonly #entities = new Set<string>();
  readonly #abstract = new Set<string>();
  readonly #hints = new Map<string, Hint>();
  /** Without a single hint nothing need be looked at. */
  readonly any: boolean;

  constructor(supergraphSdl: string) {
    const { definitions } = parse(supergraphSdl, { noLocation: true });
    const subgraphs = new Map(definitions.flatMap((type) => (type.kind === Kind.ENUM_TYPE_DEFINITION && type.name.value === 'join__Graph' ? type.values ?? [] : []))
      .map(({ name, directives }) => [name.value, all(directives, 'join__graph')[0]?.get('name') ?? name.value]));
    const graphsOf = (joins: readonly Arguments[]): ReadonlySet<string> => new Set(joins.flatMap((join) => subgraphs.get(join.get('graph') ?? '') ?? []));
    for (const type of definitions) {
      if (type.kind === Kind.UNION_TYPE_DEFINITION || type.kind === Kind.INTERFACE_TYPE_DEFINITION) this.#abstract.add(type.name.value);
      if (type.kind !== Kind.OBJECT_TYPE_DEFINITION) continue;
      const name = type.name.value;
      const joined = all(type.directives, 'join__type');
      if (joined.some((join) => join.has('key'))) this.#entities.add(name);
      const hint = hintOf(type.directives);
      if (hint !== undefined) this.#hints.set(name, hint);
      const everywhere = graphsOf(joined);
      for (const field of type.fields ?? []) {
        const own = graphsOf(all(field.directives, 'join__field').filter((join) => join.get('external') !== 'true'));
        this.#fields.set(`${name}.${field.name.value}`, { type: inner(field.type), isList: isList(field.type), hint: hintOf(field.directives), graphs: own.size > 0 ? own : everywhere });
      }
    }
    this.any = this.#hints.size > 0 || [...this.#fields.values()].some(({ hint }) => hint !== undefined);
  }

  field(type: string, field: string): FieldRule | undefined {
    return this.#fields.get(`${type}.${field}`);
  }

  hint(type: string): Hint | undefined {
    return this.#hints.get(type);
  }

  isEntity(type: string): boolean {
    return this.#entities.has(type);
  }

  isAbstract(type: string): boolean {
    return this.#abstract.has(type);
  }
}

const inner = (type: TypeNode): string => (type.kind === Kind.NAMED_TYPE ? type.name.value : inner(type.type));

const isList = (type: TypeNode): boolean => (type.kind === Kind.NON_NULL_TYPE ? isList(type.type) : type.kind === Kind.LIST_TYPE);

type Arguments = ReadonlyMap<string, string>;

const all = (directives: readonly ConstDirectiveNode[] | undefined, name: string): Arguments[] => (directives ?? []).filter((directive) => directive.name.value === name)
  .map((directive) => new Map((directive.arguments ?? []).map((argument) => [argument.name.value, 'value' in argument.value ? String(argument.value.value) : ''])));

function hintOf(directives: readonly ConstDirectiveNode[] | undefined): Hint | undefined {
  const [found] = all(directives, 'cacheControl');
  return found && { seconds: Number(found.get('maxAge')), personal: found.get('private') === 'true' };
}
