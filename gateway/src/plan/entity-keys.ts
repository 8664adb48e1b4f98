import { Kind, parse, type DirectiveNode } from 'graphql';

/** The fields at the top of each key by which a subgraph finds a type's entities. */
export type EntityKeys = (subgraph: string, type: string) => readonly (readonly string[])[];

/** Reads the keys out of a supergraph's SDL. */
export function entityKeysOf(sdl: string): EntityKeys {
  const keys = new Map<string, string[][]>();
  const subgraphs = new Map<string, string>();
  const document = parse(sdl, { noLocation: true });
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.ENUM_TYPE_DEFINITION || definition.name.value !== 'join__Graph') continue;
    for (const { name, directives } of definition.values ?? []) subgraphs.set(name.value, argumentOf(directives?.[0], 'name') ?? name.value);
  }
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION && definition.kind !== Kind.INTERFACE_TYPE_DEFINITION) continue;
    for (const directive of definition.directives ?? []) {
      const key = directive.name.value === 'join__type' ? argumentOf(directive, 'key') : undefined;
      if (key === undefined) continue;
      const place = `${subgraphs.get(argumentOf(directive, 'graph') ?? '')} ${definition.name.value}`;
      keys.set(place, [...(keys.get(place) ?? []), topFields(key)]);
    }
  }
  return (subgraph, type) => keys.get(`${subgraph} ${type}`) ?? [];
}

function argumentOf(directive: DirectiveNode | undefined, name: string): string | undefined {
  const value = directive?.arguments?.find((argument) => argument.name.value === name)?.value;
  return value?.kind === Kind.STRING || value?.kind === Kind.ENUM ? value.value : undefined;
}

function topFields(key: string): string[] {
  const [operation] = parse(`{${key}}`, { noLocation: true }).definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) return [];
  return operation.selectionSet.selections.flatMap((selection) => (selection.kind === Kind.FIELD ? [selection.name.value] : []));
}
