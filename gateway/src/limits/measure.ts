import { Kind, type DocumentNode, type FragmentDefinitionNode, type OperationDefinitionNode, type SelectionSetNode } from 'graphql';

/** The size of one operation, its fragments unfolded. Introspection counts only as a root field. */
export interface OperationSize {
  readonly depth: number;
  readonly fields: number;
  readonly rootFields: number;
  /** Written aliases; one inside a fragment counts once however often that is spread. */
  readonly aliases: number;
  /** Written directives; those in a fragment count once. */
  readonly directives: number;
  /** Fields written again beside one of the same name. Each pair of them is compared by the rules of GraphQL. */
  readonly repeated: number;
  readonly fragments: number;
}

interface SetSize { readonly depth: number; readonly fields: number; readonly direct: number }

const EMPTY: SetSize = { depth: 0, fields: 0, direct: 0 };

/** Measures each operation of a document. */
export const measureDocument = (document: DocumentNode): OperationSize[] =>
  document.definitions.flatMap((definition) => (definition.kind === Kind.OPERATION_DEFINITION ? [measureOperation(definition, document)] : []));

/** Measures an operation of a document; fragments that are unknown or circular count nothing, other rules refuse them. */
export function measureOperation(operation: OperationDefinitionNode, document: DocumentNode): OperationSize {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  // Each fragment is measured once: unfolding them one by one would be exponential, which is the attack.
  const measured = new Map<string, SetSize>();
  let aliases = 0;
  let repeated = 0;
  let directives = operation.directives?.length ?? 0;

  const sizeOfFragment = (name: string): SetSize => {
    const known = measured.get(name);
    if (known !== undefined) return known;
    measured.set(name, EMPTY);
    const fragment = fragments.get(name);
    const size = fragment === undefined ? EMPTY : sizeOfSet(fragment.selectionSet);
    measured.set(name, size);
    return size;
  };

  const sizeOfSet = (set: SelectionSetNode): SetSize => {
    let { depth, fields, direct } = EMPTY;
    const keys = new Set<string>();
    for (const selection of set.selections) {
      directives += selection.directives?.length ?? 0;
      if (selection.kind === Kind.FIELD) {
        if (selection.alias !== undefined) aliases += 1;
        const key = (selection.alias ?? selection.name).value;
        if (keys.has(key)) repeated += 1;
        keys.add(key);
        direct += 1;
        fields += 1;
        if (selection.selectionSet === undefined || isIntrospection(selection.name.value)) {
          depth = Math.max(depth, 1);
          continue;
        }
        const below = sizeOfSet(selection.selectionSet);
        depth = Math.max(depth, 1 + below.depth);
        fields += below.fields;
        continue;
      }
      const inner = selection.kind === Kind.FRAGMENT_SPREAD ? sizeOfFragment(selection.name.value) : sizeOfSet(selection.selectionSet);
      depth = Math.max(depth, inner.depth);
      fields += inner.fields;
      direct += inner.direct;
    }
    return { depth, fields, direct };
  };

  const { depth, fields, direct } = sizeOfSet(operation.selectionSet);
  return { depth, fields, rootFields: direct, aliases, directives, repeated, fragments: fragments.size };
}

const isIntrospection = (field: string): boolean => field === '__schema' || field === '__type';
