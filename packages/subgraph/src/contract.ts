import { isScope, type Scope } from '@quanyu/viewer';
import { Kind, type ConstDirectiveNode, type DefinitionNode, type DocumentNode, type EnumTypeDefinitionNode, type FieldDefinitionNode, type InputValueDefinitionNode, type ObjectTypeDefinitionNode } from 'graphql';

/**
 * What a subgraph's schema promises besides its types: which scopes its fields ask for, and what partners see.
 * Written into the SDL as `@requiresScopes`, `@tag(name: "public")` and `@cacheControl`, for the gateway to keep; the
 * doors ask for the same scopes again.
 */
export interface Contract {
  /** `Type.field` and the scope that it asks for; several: all of them. */
  readonly scopes?: Readonly<Record<string, Scope | readonly Scope[]>>;
  /** Fields, input fields or enum values that partners see, by type; `all` of a type. Enums and inputs that these use need no line. */
  readonly public?: Readonly<Record<string, 'all' | readonly string[]>>;
  /** `Type.field` or `Type` and how many seconds an answer may be kept, by all who have the same rights. */
  readonly cacheSeconds?: Readonly<Record<string, number>>;
  /** The same for what is the viewer's own: kept for that viewer alone, and forgotten when the viewer's rights change. */
  readonly ownCacheSeconds?: Readonly<Record<string, number>>;
}

type Member = FieldDefinitionNode | InputValueDefinitionNode;

/** Writes a contract into a schema's document, and sizes of lists where their arguments tell them; throws for a name that is not there. */
export function withContract(document: DocumentNode, contract: Contract): DocumentNode {
  const added = new Map<string, ConstDirectiveNode[]>();
  const add = (place: string, directive: ConstDirectiveNode): void => void added.set(place, [...(added.get(place) ?? []), directive]);
  for (const [place, scopes] of Object.entries(contract.scopes ?? {})) {
    const all = [scopes].flat();
    if (!all.every(isScope)) throw new Error(`The contract names a scope that does not exist, at ${place}`);
    add(place, directive('requiresScopes', { scopes: [all] }));
  }
  for (const [type, members] of Object.entries(contract.public ?? {})) {
    for (const place of members === 'all' ? [type] : members.map((member) => `${type}.${member}`)) add(place, PUBLIC);
  }
  for (const [place, maxAge] of Object.entries(contract.cacheSeconds ?? {})) add(place, directive('cacheControl', { maxAge }));
  for (const [place, maxAge] of Object.entries(contract.ownCacheSeconds ?? {})) add(place, directive('cacheControl', { maxAge, private: true }));

  const used = new Set<string>();
  const addedTo = (place: string): readonly ConstDirectiveNode[] => {
    used.add(place);
    return added.get(place) ?? [];
  };
  const pages = publicPages(document.definitions, added);
  const definitions = document.definitions.map((definition): DefinitionNode => {
    if (!('name' in definition) || definition.name === undefined) return definition;
    const type = definition.name.value;
    const own = pages.has(type) && !isTagged(definition as ObjectTypeDefinitionNode) ? [PUBLIC] : [];
    const plain = { ...definition, directives: [...(definition.directives as ConstDirectiveNode[] ?? []), ...addedTo(type), ...own] } as DefinitionNode;
    const of = (member: { readonly name: { readonly value: string }; readonly directives?: readonly ConstDirectiveNode[] | undefined }): ConstDirectiveNode[] =>
      [...(member.directives ?? []), ...addedTo(`${type}.${member.name.value}`)];
    if ('fields' in plain) return { ...plain, fields: (plain.fields as readonly Member[] | undefined)?.map((field) => ({ ...field, directives: [...of(field), ...sizeOf(field)] })) } as DefinitionNode;
    if ('values' in plain) return { ...plain, values: (plain as EnumTypeDefinitionNode).values?.map((value) => ({ ...value, directives: of(value) })) } as DefinitionNode;
    return plain;
  });
  const missing = [...added.keys()].filter((place) => !used.has(place));
  if (missing.length > 0) throw new Error(`The contract names what the schema does not have: ${missing.join(', ')}`);
  return { ...document, definitions };
}

/** Connections that public fields give, and their edges: a page of something public is public. */
function publicPages(definitions: readonly DefinitionNode[], added: ReadonlyMap<string, readonly ConstDirectiveNode[]>): ReadonlySet<string> {
  const pages = new Set<string>();
  for (const definition of definitions) {
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION) continue;
    for (const field of definition.fields ?? []) {
      const target = nameOf(field);
      const tagged = isTagged(field) || added.get(`${definition.name.value}.${field.name.value}`)?.includes(PUBLIC) === true;
      if (tagged && target.endsWith(CONNECTION)) pages.add(target).add(`${target.slice(0, -CONNECTION.length)}Edge`);
    }
  }
  return pages;
}

/** How many rows a page gives is told by its arguments; the limits count by it. */
function sizeOf(field: Member): ConstDirectiveNode[] {
  if (field.kind !== Kind.FIELD_DEFINITION || !nameOf(field).endsWith(CONNECTION) || !field.arguments?.some(({ name }) => name.value === 'first')) return [];
  if (field.directives?.some(({ name }) => name.value === 'listSize')) return [];
  return [directive('listSize', { assumedSize: DEFAULT_PAGE, slicingArguments: ['first', 'last'], sizedFields: ['nodes', 'edges'], requireOneSlicingArgument: false })];
}

const CONNECTION = 'Connection';
const DEFAULT_PAGE = 20;

function nameOf({ type }: Member): string {
  let inner = type;
  while (inner.kind !== Kind.NAMED_TYPE) inner = inner.type;
  return inner.name.value;
}

const isTagged = ({ directives }: { readonly directives?: readonly ConstDirectiveNode[] | undefined }): boolean =>
  directives?.some(({ name, arguments: given }) => name.value === 'tag' && given?.some(({ value }) => value.kind === Kind.STRING && value.value === 'public')) === true;

type Value = string | number | boolean | readonly Value[];

const valueNode = (value: Value): NonNullable<ConstDirectiveNode['arguments']>[number]['value'] => {
  if (typeof value === 'string') return { kind: Kind.STRING, value };
  if (typeof value === 'number') return { kind: Kind.INT, value: String(value) };
  if (typeof value === 'boolean') return { kind: Kind.BOOLEAN, value };
  return { kind: Kind.LIST, values: value.map(valueNode) };
};

function directive(name: string, values: Readonly<Record<string, Value>>): ConstDirectiveNode {
  return {
    kind: Kind.DIRECTIVE, name: { kind: Kind.NAME, value: name },
    arguments: Object.entries(values).map(([argument, value]) => ({ kind: Kind.ARGUMENT, name: { kind: Kind.NAME, value: argument }, value: valueNode(value) })),
  };
}

const PUBLIC = directive('tag', { name: 'public' });
