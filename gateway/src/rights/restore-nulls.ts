import {
  GraphQLError, GraphQLIncludeDirective, GraphQLSkipDirective, getDirectiveValues, isAbstractType, isListType, isNonNullType, isObjectType, Kind,
  type FieldNode, type FragmentDefinitionNode, type GraphQLObjectType, type GraphQLOutputType, type GraphQLSchema, type OperationDefinitionNode, type SelectionSetNode,
} from 'graphql';
import { TYPE_ALIAS } from './filter-document.js';

/** What is needed to put nulls back where fields were taken out. */
export interface Withheld {
  readonly schema: GraphQLSchema;
  readonly definition: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly removed: ReadonlySet<FieldNode>;
  readonly errorOf: (field: FieldNode, path: readonly (string | number)[]) => GraphQLError;
}

type Values = Readonly<Record<string, unknown>>;
type Path = readonly (string | number)[];

/** In place of a value that may not be null: its parent becomes null instead. */
const RISES = Symbol('null rises');

/**
 * Gives the data the shape that the client asked for: null where a field was taken out, with one error a place (the
 * first of a list), and null for the parent where the field may not be null. Keys come in the client's order.
 */
export function restoreNulls(withheld: Withheld, data: Values, variables: Values): { data: Values | null; errors: GraphQLError[] } {
  const { schema, definition, removed } = withheld;
  const errors = new Map<string, GraphQLError>();
  const applies = (node: { readonly directives?: FieldNode['directives'] }): boolean =>
    getDirectiveValues(GraphQLSkipDirective, node as FieldNode, variables)?.['if'] !== true &&
    getDirectiveValues(GraphQLIncludeDirective, node as FieldNode, variables)?.['if'] !== false;

  const collect = (type: GraphQLObjectType, sets: readonly SelectionSetNode[], into = new Map<string, FieldNode[]>()): Map<string, FieldNode[]> => {
    for (const selection of sets.flatMap(({ selections }) => selections)) {
      if (!applies(selection)) continue;
      if (selection.kind === Kind.FIELD) {
        const key = (selection.alias ?? selection.name).value;
        into.set(key, [...(into.get(key) ?? []), selection]);
        continue;
      }
      const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? withheld.fragments.get(selection.name.value) : selection;
      const condition = fragment?.typeCondition?.name.value;
      if (fragment !== undefined && (condition === undefined || isOf(schema, type, condition))) collect(type, [fragment.selectionSet], into);
    }
    return into;
  };

  const object = (type: GraphQLObjectType, sets: readonly SelectionSetNode[], value: Values, path: Path): unknown => {
    const restored = Object.create(null) as Record<string, unknown>;
    let rises = false;
    for (const [key, nodes] of collect(type, sets)) {
      const [node] = nodes as [FieldNode];
      const field = type.getFields()[node.name.value];
      const place = [...path, key];
      if (field === undefined || !nodes.some((candidate) => removed.has(candidate))) {
        const below = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
        restored[key] = field === undefined || below.length === 0 ? value[key] : complete(field.type, below, value[key], place);
      } else {
        const where = place.filter((part) => typeof part === 'string').join('.');
        if (!errors.has(where)) errors.set(where, withheld.errorOf(node, place));
        restored[key] = isNonNullType(field.type) ? RISES : null;
      }
      rises ||= restored[key] === RISES;
    }
    return rises ? RISES : restored;
  };

  const complete = (type: GraphQLOutputType, sets: readonly SelectionSetNode[], value: unknown, path: Path): unknown => {
    if (isNonNullType(type)) return complete(type.ofType as GraphQLOutputType, sets, value, path) ?? RISES;
    if (value === null || value === undefined) return null;
    if (isListType(type)) {
      const items = (value as unknown[]).map((item, i) => complete(type.ofType as GraphQLOutputType, sets, item, [...path, i]));
      return items.includes(RISES) ? null : items;
    }
    const runtime = isAbstractType(type) ? schema.getType(String((value as Values)[TYPE_ALIAS] ?? (value as Values)['__typename'])) : type;
    if (!isObjectType(runtime)) return value;
    const restored = object(runtime, sets, value as Values, path);
    return restored === RISES ? null : restored;
  };

  const root = schema.getRootType(definition.operation);
  const restored = root ? object(root, [definition.selectionSet], data, []) : data;
  return { data: restored === RISES ? null : restored as Values, errors: [...errors.values()] };
}

const isOf = (schema: GraphQLSchema, type: GraphQLObjectType, condition: string): boolean => {
  if (type.name === condition) return true;
  const wanted = schema.getType(condition);
  return isAbstractType(wanted) && schema.isSubType(wanted, type);
};
