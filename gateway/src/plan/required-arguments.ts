import { Kind, parse, print, visit, type DirectiveNode, type DocumentNode, type FieldDefinitionNode, type FieldNode, type SelectionSetNode } from 'graphql';

/** A field that some `@requires` asks for with arguments, under a name of its own. */
export interface RequiredField {
  readonly name: string;
  /** As it is called in the subgraph: `price(currency: "EUR")`. */
  readonly call: FieldNode;
}

/** A supergraph for the planner in which no two calls of one field can be mixed up. */
export interface DistinctSupergraph {
  readonly sdl: string;
  /** By the name that was made up; empty where no `@requires` has arguments. */
  readonly required: ReadonlyMap<string, RequiredField>;
  /** The names that a field requires of its entity, by `subgraph Type.field`. */
  readonly needs: ReadonlyMap<string, ReadonlySet<string>>;
}

type Definition = { readonly name: { readonly value: string }; readonly fields?: readonly FieldDefinitionNode[]; readonly interfaces?: readonly { readonly name: { readonly value: string } }[] };

/**
 * Gives each set of arguments in a `@requires` a field of its own.
 *
 * The planner tells fields by their name alone: a required `comments(limit: 5)` beside a client's
 * `comments(limit: 1)`, or two fields that require `price` in two currencies, would silently become one call.
 * As fields of different names they cannot meet; the fetches get the real calls back when they are compiled.
 */
export function withDistinctRequires(sdl: string): DistinctSupergraph {
  const document = parse(sdl, { noLocation: true });
  const types = definitionsByName(document);
  const suffix = freeSuffix(types);
  const required = new Map<string, RequiredField>();
  const names = new Map<string, string>();
  const added = new Map<string, Map<string, FieldDefinitionNode>>();

  const nameOf = (field: FieldNode): string => {
    const text = print({ ...field, alias: undefined, selectionSet: undefined, directives: [] });
    const known = names.get(text);
    if (known !== undefined) return known;
    const name = `${field.name.value}${suffix}${names.size}`;
    names.set(text, name);
    required.set(name, { name, call: { ...field, selectionSet: undefined } });
    return name;
  };

  const addTo = (type: string, field: FieldNode, name: string): void => {
    const definition = types.get(type)?.fields?.find((candidate) => candidate.name.value === field.name.value);
    if (definition === undefined) return;
    const fields = added.get(type) ?? new Map<string, FieldDefinitionNode>();
    added.set(type, fields);
    fields.set(name, { ...definition, name: { kind: Kind.NAME, value: name }, arguments: [], directives: definition.directives?.filter(isJoin) });
    for (const [other, { interfaces = [] }] of types) {
      if (interfaces.some((implemented) => implemented.name.value === type) && added.get(other)?.has(name) !== true) addTo(other, field, name);
    }
  };

  const rewrite = (set: SelectionSetNode, parent: string): SelectionSetNode => ({
    ...set,
    selections: set.selections.map((selection) => {
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        return { ...selection, selectionSet: rewrite(selection.selectionSet, selection.typeCondition?.name.value ?? parent) };
      }
      if (selection.kind !== Kind.FIELD) return selection;
      const below = selection.selectionSet && rewrite(selection.selectionSet, typeOf(types, parent, selection.name.value));
      if (!selection.arguments?.length) return { ...selection, selectionSet: below };
      const name = nameOf(selection);
      addTo(parent, selection, name);
      return { kind: Kind.FIELD, name: { kind: Kind.NAME, value: name }, selectionSet: below } satisfies FieldNode;
    }),
  });

  const rewritten = visit(document, {
    ObjectTypeDefinition: { enter: (type) => rewriteRequires(type, rewrite) },
    InterfaceTypeDefinition: { enter: (type) => rewriteRequires(type, rewrite) },
  });
  if (required.size === 0) return { sdl, required, needs: needsOf(document) };
  const complete = visit(rewritten, {
    ObjectTypeDefinition: (type) => ({ ...type, fields: [...(type.fields ?? []), ...(added.get(type.name.value)?.values() ?? [])] }),
    InterfaceTypeDefinition: (type) => ({ ...type, fields: [...(type.fields ?? []), ...(added.get(type.name.value)?.values() ?? [])] }),
  });
  return { sdl: print(complete), required, needs: needsOf(complete) };
}

function rewriteRequires<T extends Definition>(type: T, rewrite: (set: SelectionSetNode, parent: string) => SelectionSetNode): T {
  return { ...type, fields: type.fields?.map((field) => ({ ...field, directives: field.directives?.map((directive) => inDirective(directive, type.name.value, rewrite)) })) };
}

function inDirective(directive: DirectiveNode, parent: string, rewrite: (set: SelectionSetNode, parent: string) => SelectionSetNode): DirectiveNode {
  if (!isJoin(directive)) return directive;
  return {
    ...directive,
    arguments: directive.arguments?.map((argument) => {
      // Most have no arguments inside, and parsing each would cost a large supergraph dearly.
      if (argument.name.value !== 'requires' || argument.value.kind !== Kind.STRING || !argument.value.value.includes('(')) return argument;
      const [definition] = parse(`{${argument.value.value}}`, { noLocation: true }).definitions;
      if (definition?.kind !== Kind.OPERATION_DEFINITION) return argument;
      const text = print(rewrite(definition.selectionSet, parent)).replace(/\s+/g, ' ').slice(1, -1).trim();
      return { ...argument, value: { kind: Kind.STRING, value: text } };
    }),
  };
}

function needsOf(document: DocumentNode): Map<string, Set<string>> {
  const subgraphs = new Map<string, string>();
  const needs = new Map<string, Set<string>>();
  visit(document, {
    EnumValueDefinition(value) {
      const name = textArgument(value.directives?.find((directive) => directive.name.value === 'join__graph'), 'name');
      if (name !== undefined) subgraphs.set(value.name.value, name);
    },
  });
  for (const [type, { fields = [] }] of definitionsByName(document)) {
    for (const field of fields) {
      for (const directive of field.directives?.filter(isJoin) ?? []) {
        const requires = textArgument(directive, 'requires');
        const graph = directive.arguments?.find(({ name }) => name.value === 'graph')?.value;
        if (requires === undefined || graph?.kind !== Kind.ENUM) continue;
        const names = new Set<string>();
        visit(parse(`{${requires}}`, { noLocation: true }), { Field: ({ name }) => void names.add(name.value) });
        needs.set(`${subgraphs.get(graph.value)} ${type}.${field.name.value}`, names);
      }
    }
  }
  return needs;
}

function textArgument(directive: DirectiveNode | undefined, name: string): string | undefined {
  const value = directive?.arguments?.find((argument) => argument.name.value === name)?.value;
  return value?.kind === Kind.STRING ? value.value : undefined;
}

const isJoin = (directive: DirectiveNode): boolean => directive.name.value === 'join__field';

function definitionsByName(document: DocumentNode): Map<string, Definition> {
  const types = new Map<string, Definition>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.OBJECT_TYPE_DEFINITION || definition.kind === Kind.INTERFACE_TYPE_DEFINITION) types.set(definition.name.value, definition);
  }
  return types;
}

function typeOf(types: ReadonlyMap<string, Definition>, parent: string, field: string): string {
  let type = types.get(parent)?.fields?.find((candidate) => candidate.name.value === field)?.type;
  while (type !== undefined && type.kind !== Kind.NAMED_TYPE) type = type.type;
  return type?.name.value ?? '';
}

/** A suffix with which no field of the graph ends before its number. */
function freeSuffix(types: ReadonlyMap<string, Definition>): string {
  let suffix = '_r';
  const taken = (): boolean => [...types.values()].some(({ fields = [] }) => fields.some(({ name }) => new RegExp(`${suffix}\\d+$`).test(name.value)));
  while (taken()) suffix += 'r';
  return suffix;
}
