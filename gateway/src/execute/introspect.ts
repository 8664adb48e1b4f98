import { executeSync, Kind, type FieldNode, type GraphQLError, type GraphQLSchema, type SelectionNode, type SelectionSetNode } from 'graphql';
import type { CanonicalDocument } from '../plan/canonical-document.js';
import type { Data } from './representation.js';

const NOTHING: Data = {};
const asks = new WeakMap<CanonicalDocument, boolean>();

/** Answers `__schema` and `__type` from the schema; no subgraph is asked. */
export function introspect(
  schema: GraphQLSchema, canonical: CanonicalDocument, variables: Readonly<Record<string, unknown>>,
): { readonly data: Data; readonly errors?: readonly GraphQLError[] } {
  const { operation, fragments } = canonical;
  let known = asks.get(canonical);
  if (known === undefined) asks.set(canonical, (known = hasIntrospection(operation.selectionSet, canonical)));
  if (!known) return { data: NOTHING };
  const document = { kind: Kind.DOCUMENT as const, definitions: [{ ...operation, selectionSet: onlyIntrospection(operation.selectionSet, canonical) }, ...fragments.values()] };
  const { data, errors } = executeSync({ schema, document, variableValues: variables });
  return { data: (data ?? NOTHING) as Data, ...(errors === undefined ? {} : { errors }) };
}

const isIntrospection = ({ name }: FieldNode): boolean => name.value === '__schema' || name.value === '__type';

function hasIntrospection(set: SelectionSetNode, canonical: CanonicalDocument): boolean {
  return set.selections.some((selection) => selection.kind === Kind.FIELD ? isIntrospection(selection) : hasIntrospection(below(selection, canonical), canonical));
}

function onlyIntrospection(set: SelectionSetNode, canonical: CanonicalDocument): SelectionSetNode {
  return {
    ...set,
    selections: set.selections.flatMap((selection): SelectionNode[] => {
      if (selection.kind === Kind.FIELD) return isIntrospection(selection) ? [selection] : [];
      return [{ kind: Kind.INLINE_FRAGMENT, directives: selection.directives, selectionSet: onlyIntrospection(below(selection, canonical), canonical) }];
    }),
  };
}

function below(selection: Exclude<SelectionNode, FieldNode>, { fragments }: CanonicalDocument): SelectionSetNode {
  const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
  return fragment?.selectionSet ?? { kind: Kind.SELECTION_SET, selections: [] };
}
