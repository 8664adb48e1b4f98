import {
  getNamedType, Kind, TypeInfo, visit, visitWithTypeInfo, type DocumentNode, type FieldNode, type GraphQLSchema, type SelectionNode, type SelectionSetNode,
} from 'graphql';
import type { Requirement } from './requirement.js';

/** What fields of a document ask of the viewer, by their node; fields that ask nothing are not in it. */
export type FieldRights = ReadonlyMap<FieldNode, readonly Requirement[]>;

/** The runtime type of objects that lose a field, asked for beside it: restoring the null must know whose it is. */
export const TYPE_ALIAS = '__rights_type';

/** Finds the fields of a valid document that ask something of the viewer. */
export function fieldRights(schema: GraphQLSchema, document: DocumentNode, of: (type: string, field: string) => readonly Requirement[]): FieldRights {
  const info = new TypeInfo(schema);
  const found = new Map<FieldNode, readonly Requirement[]>();
  visit(document, visitWithTypeInfo(info, {
    Field(node) {
      const parent = info.getParentType();
      if (parent === null || parent === undefined || node.name.value.startsWith('__')) return;
      const requirements = of(getNamedType(parent).name, node.name.value);
      if (requirements.length > 0) found.set(node, requirements);
    },
  }));
  return found;
}

/**
 * Takes fields out of a document. Fragments are filtered once for all their uses: what a field asks depends on its type
 * alone. `@defer` goes too, because nulls are put back into one answer.
 */
export function withoutFields(document: DocumentNode, removed: ReadonlySet<FieldNode>): DocumentNode {
  const filterSet = (set: SelectionSetNode): SelectionSetNode => {
    const kept = set.selections.filter((selection) => !removed.has(selection as FieldNode));
    const selections = kept.map((selection): SelectionNode => {
      const plain = { ...selection, directives: selection.directives?.filter(({ name }) => name.value !== 'defer') };
      return 'selectionSet' in plain && plain.selectionSet !== undefined ? { ...plain, selectionSet: filterSet(plain.selectionSet) } as SelectionNode : plain as SelectionNode;
    });
    return { ...set, selections: kept.length < set.selections.length ? [...selections, TYPE_FIELD] : selections };
  };
  return {
    ...document,
    definitions: document.definitions.map((definition) => ('selectionSet' in definition ? { ...definition, selectionSet: filterSet(definition.selectionSet) } : definition)),
  };
}

const TYPE_FIELD: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' }, alias: { kind: Kind.NAME, value: TYPE_ALIAS } };
