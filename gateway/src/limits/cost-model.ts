import { Kind, parse, type ConstDirectiveNode, type FieldDefinitionNode, type InputValueDefinitionNode, type TypeDefinitionNode, type TypeNode } from 'graphql';

/** How many items a list has, as far as its field says (`@listSize`). */
export interface ListSize { readonly assumed: number; readonly slicing: readonly string[]; /** Lists below that the size counts for; none: the field itself is the list. */ readonly sized: readonly string[] }

/** What one field costs, before its children. */
export interface FieldCost {
  readonly type: string;
  /** How deep its lists lie in each other: 0 for a single value, 2 for a list of lists. */
  readonly lists: number;
  /** Of one value of the field: 1 for an object, 0 for a leaf, or `@cost` of field or type. */
  readonly weight: number;
  readonly size: ListSize | undefined;
  /** Extra for arguments that are given. */
  readonly arguments: ReadonlyMap<string, number>;
}

/** Assumed for a list that says nothing of its size. */
const USUAL_LIST = 10;

/**
 * What the fields of a supergraph cost, by `@cost` and `@listSize` (IBM's cost specification, as Apollo reads it): an
 * object counts 1 and a leaf nothing unless they say otherwise; a list counts its items as often as there are.
 */
export class CostModel {
  readonly #fields = new Map<string, FieldCost>();

  constructor(supergraphSdl: string) {
    const types = new Map<string, TypeDefinitionNode>();
    for (const definition of parse(supergraphSdl, { noLocation: true }).definitions) {
      if (definition.kind.endsWith('TypeDefinition')) types.set((definition as TypeDefinitionNode).name.value, definition as TypeDefinitionNode);
    }
    for (const [name, type] of types) {
      if (type.kind !== Kind.OBJECT_TYPE_DEFINITION && type.kind !== Kind.INTERFACE_TYPE_DEFINITION) continue;
      for (const field of type.fields ?? []) this.#fields.set(`${name}.${field.name.value}`, costOf(field, types));
    }
  }

  of(type: string, field: string): FieldCost | undefined {
    return this.#fields.get(`${type}.${field}`);
  }
}

function costOf(field: FieldDefinitionNode, types: ReadonlyMap<string, TypeDefinitionNode>): FieldCost {
  const named = inner(field.type);
  const given = types.get(named);
  const isObject = given !== undefined && given.kind !== Kind.SCALAR_TYPE_DEFINITION && given.kind !== Kind.ENUM_TYPE_DEFINITION;
  const lists = depthOf(field.type);
  const size = sizeOf(field.directives);
  return {
    type: named, lists,
    weight: weightOf(field.directives) ?? weightOf(given?.directives) ?? (isObject ? 1 : 0),
    size: size ?? (lists > 0 ? { assumed: USUAL_LIST, slicing: [], sized: [] } : undefined),
    arguments: new Map((field.arguments ?? []).flatMap((argument: InputValueDefinitionNode) => {
      const weight = weightOf(argument.directives);
      return weight === undefined ? [] : [[argument.name.value, weight] as const];
    })),
  };
}

const depthOf = (type: TypeNode): number => (type.kind === Kind.NAMED_TYPE ? 0 : depthOf(type.type) + (type.kind === Kind.LIST_TYPE ? 1 : 0));

const inner = (type: TypeNode): string => (type.kind === Kind.NAMED_TYPE ? type.name.value : inner(type.type));

const argumentsOf = (directives: readonly ConstDirectiveNode[] | undefined, name: string) => {
  const found = directives?.find((directive) => directive.name.value === name);
  return found && new Map((found.arguments ?? []).map((argument) => [argument.name.value, argument.value]));
};

function weightOf(directives: readonly ConstDirectiveNode[] | undefined): number | undefined {
  const weight = argumentsOf(directives, 'cost')?.get('weight');
  return weight === undefined ? undefined : Number('value' in weight ? weight.value : 0);
}

function sizeOf(directives: readonly ConstDirectiveNode[] | undefined): ListSize | undefined {
  const found = argumentsOf(directives, 'listSize');
  if (found === undefined) return undefined;
  const names = (key: string): string[] => {
    const value = found.get(key);
    return value?.kind === Kind.LIST ? value.values.map((item) => (item.kind === Kind.STRING ? item.value : '')) : [];
  };
  const assumed = found.get('assumedSize');
  return { assumed: assumed?.kind === Kind.INT ? Number(assumed.value) : USUAL_LIST, slicing: names('slicingArguments'), sized: names('sizedFields') };
}
