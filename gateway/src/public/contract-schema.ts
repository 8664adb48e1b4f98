import {
  buildASTSchema, Kind, parse, printSchema, type ConstDirectiveNode, type DefinitionNode, type DocumentNode, type FieldDefinitionNode, type GraphQLSchema,
  type InputValueDefinitionNode, type TypeDefinitionNode, type TypeNode,
} from 'graphql';

/** The tag of what partners see. */
export const PUBLIC_TAG = 'public';

type Fielded = Extract<TypeDefinitionNode, { readonly fields?: unknown }>;

/**
 * Makes the schema of a contract: of what clients see, what carries the tag. A tagged type brings all its fields, an
 * untagged one those that are tagged. Enums, scalars and inputs come along where a field of the contract uses them;
 * of an input with tagged fields, or a field with tagged arguments, only these. A type that nothing leads to is left out, so it cannot be found by name.
 * @throws Error when a tagged field gives a type of which nothing is tagged, or an abstract type would tell hidden ones apart.
 */
export function contractSchema(supergraphSdl: string, apiSchema: GraphQLSchema, tag = PUBLIC_TAG): GraphQLSchema {
  const tagged = taggedPlaces(parse(supergraphSdl, { noLocation: true }), tag);
  const document = parse(printSchema(apiSchema), { noLocation: true });
  const types = new Map<string, TypeDefinitionNode>();
  for (const definition of document.definitions) if (isType(definition)) types.set(definition.name.value, definition);

  const faults: string[] = [];
  const fieldsOf = (type: Fielded): readonly (FieldDefinitionNode | InputValueDefinitionNode)[] => {
    const name = type.name.value;
    const fields = type.fields ?? [];
    const some = fields.filter((field) => tagged.has(`${name}.${field.name.value}`));
    const visible = tagged.has(name) || (type.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION && some.length === 0) ? fields : some;
    return visible.map((field) => (field.kind === Kind.FIELD_DEFINITION ? { ...field, arguments: argumentsOf(`${name}.${field.name.value}`, field) } : field));
  };
  const argumentsOf = (place: string, { arguments: all = [] }: FieldDefinitionNode): readonly InputValueDefinitionNode[] => {
    const some = all.filter(({ name }) => tagged.has(`${place}.${name.value}`));
    const hidden = some.length === 0 ? [] : all.filter((argument) => !some.includes(argument));
    if (hidden.some(({ type, defaultValue }) => type.kind === Kind.NON_NULL_TYPE && defaultValue === undefined)) faults.push(`${place} cannot be asked without a hidden argument`);
    return all.filter((argument) => !hidden.includes(argument));
  };

  const kept = new Map<string, TypeDefinitionNode>();
  const keep = (name: string, where: string): void => {
    const type = types.get(name);
    if (type === undefined || kept.has(name)) return;
    if (!('fields' in type)) {
      kept.set(name, type);
      if (type.kind === Kind.UNION_TYPE_DEFINITION) for (const member of type.types ?? []) keep(member.name.value, name);
      return;
    }
    const fields = fieldsOf(type);
    if (fields.length === 0) return void faults.push(`${where} is tagged, but nothing of ${name} is`);
    kept.set(name, { ...type, fields } as TypeDefinitionNode);
    for (const field of fields) {
      keep(namedType(field.type), `${name}.${field.name.value}`);
      if (field.kind === Kind.FIELD_DEFINITION) for (const argument of field.arguments ?? []) keep(namedType(argument.type), `${name}.${field.name.value}`);
    }
    // What implements an interface could be told by __typename, so it is part of the contract or the interface is not.
    if (type.kind === Kind.INTERFACE_TYPE_DEFINITION) {
      for (const other of types.values()) if ('interfaces' in other && other.interfaces?.some((one) => one.name.value === name)) keep(other.name.value, name);
    }
  };
  const roots = (['getQueryType', 'getMutationType', 'getSubscriptionType'] as const).flatMap((get) => apiSchema[get]()?.name ?? []);
  for (const root of roots) if (fieldsOf(types.get(root) as Fielded).length > 0) keep(root, 'the schema');
  if (faults.length > 0) throw new Error(`The contract "${tag}" has holes: ${faults.join('; ')}`);

  const definitions = document.definitions.flatMap((definition): DefinitionNode[] => {
    if (!isType(definition)) return definition.kind === Kind.DIRECTIVE_DEFINITION ? [definition] : [];
    const whole = kept.get(definition.name.value);
    return whole === undefined ? [] : [withoutHiddenInterfaces(whole, kept)];
  });
  return buildASTSchema({ kind: Kind.DOCUMENT, definitions });
}

/** Fields, arguments and values that carry a tag, as `Type.field`, and types that do. */
function taggedPlaces({ definitions }: DocumentNode, tag: string): ReadonlySet<string> {
  const places = new Set<string>();
  const note = (place: string, directives: readonly ConstDirectiveNode[] = []): void => {
    const has = directives.some(({ name, arguments: given }) => name.value === 'tag' && given?.some(({ value }) => value.kind === Kind.STRING && value.value === tag));
    if (has) places.add(place);
  };
  for (const definition of definitions.filter(isType)) {
    note(definition.name.value, definition.directives);
    for (const field of ('fields' in definition ? definition.fields : undefined) ?? []) {
      const place = `${definition.name.value}.${field.name.value}`;
      note(place, field.directives);
      if (field.kind === Kind.FIELD_DEFINITION) for (const argument of field.arguments ?? []) note(`${place}.${argument.name.value}`, argument.directives);
    }
  }
  return places;
}

const isType = (definition: DefinitionNode): definition is TypeDefinitionNode => definition.kind.endsWith('TypeDefinition');

function namedType(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : namedType(type.type);
}

const withoutHiddenInterfaces = (type: TypeDefinitionNode, kept: ReadonlyMap<string, TypeDefinitionNode>): TypeDefinitionNode =>
  ('interfaces' in type && type.interfaces !== undefined ? { ...type, interfaces: type.interfaces.filter(({ name }) => kept.has(name.value)) } : type);
