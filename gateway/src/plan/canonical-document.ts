import {
  Kind, print, type ArgumentNode, type DirectiveNode, type DocumentNode, type FieldNode, type FragmentDefinitionNode, type InlineFragmentNode, type OperationDefinitionNode,
  type SelectionNode, type SelectionSetNode,
} from 'graphql';

/** A client's operation for the planner: the same questions, with names in the answers that cannot clash. */
export interface CanonicalDocument {
  readonly document: DocumentNode;
  /** The client's operation that the two functions below know: its own, or one with its fragments unfolded. */
  readonly operation: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** The name under which subgraphs answer a field of `operation`. */
  readonly keyOf: (field: FieldNode) => string;
  /** How a fragment of `operation` is deferred, when it is. */
  readonly deferralOf: (fragment: InlineFragmentNode) => Deferral | undefined;
}

/** One `@defer` of the client's document. */
export interface Deferral {
  /** Of ours, unlike every other of the operation. */
  readonly label: string;
  readonly clientLabel: string | undefined;
  /** The variable that decides, or true. */
  readonly condition: string | true;
}

/** What makes up the names, and whether parts may come later. */
export interface CanonicalOptions {
  /** No field of the graph ends with it and a number. */
  readonly suffix: string;
  readonly incremental: boolean;
}

/**
 * Rewrites an operation so that the name in an answer follows from the field and its arguments.
 *
 * The planner adds keys and required fields under their bare names, beside whatever the client has there: an
 * alias `id: name`, or `comments(limit: 1)` beside a required `comments`, would silently take their place. So
 * aliases do not reach the planner: a field without arguments keeps its bare name, one with arguments gets a
 * name for that set of arguments. A leaf that is asked for under two aliases is thereby asked for once.
 */
export function canonicalDocument(
  given: OperationDefinitionNode, givenFragments: ReadonlyMap<string, FragmentDefinitionNode>, { suffix, incremental }: CanonicalOptions,
): CanonicalDocument {
  const used = fragmentsBelow(given.selectionSet, givenFragments);
  const defers = incremental && [given, ...used].some(({ selectionSet }) => hasDefer(selectionSet));
  // A fragment that is spread twice is deferred twice, each time on its own.
  const operation = defers ? { ...given, selectionSet: unfold(given.selectionSet, givenFragments) } : given;
  const fragments = defers ? new Map<string, FragmentDefinitionNode>() : givenFragments;
  const keys = new Map<FieldNode, string>();
  const calls = new Map<string, string>();
  const deferrals = new Map<InlineFragmentNode, Deferral>();
  const mutates = operation.operation === 'mutation';

  const keyOfCall = (field: FieldNode, changes: boolean): string => {
    const { name: { value: name }, alias, arguments: values = [], selectionSet } = field;
    // Two equal root fields of a mutation are two changes; and a null that rises below one alias must not take what is below another.
    const apart = (changes || selectionSet !== undefined) && alias !== undefined && alias.value !== name ? ` as ${alias.value}` : '';
    if (name.startsWith('__') || (values.length === 0 && apart === '')) return name;
    const call = `${name}(${values.map((value) => print(value)).sort().join()})${apart}`;
    const key = calls.get(call) ?? `${name}${suffix}${calls.size}`;
    calls.set(call, key);
    return key;
  };

  const rewrite = (selection: SelectionNode, changes: boolean): SelectionNode => {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return { ...selection, directives: withoutDefer(selection.directives) };
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      const deferral = defers ? deferralFrom(selection.directives, `defer${suffix}${deferrals.size}`) : undefined;
      if (deferral !== undefined) deferrals.set(selection, deferral);
      const directives = withoutDefer(selection.directives);
      return { ...selection, directives: deferral === undefined ? directives : [...directives, deferDirective(deferral)], selectionSet: rewriteSet(selection.selectionSet, changes) };
    }
    const key = keyOfCall(selection, changes);
    keys.set(selection, key);
    const alias = key === selection.name.value ? undefined : { kind: Kind.NAME as const, value: key };
    return { ...selection, alias, selectionSet: selection.selectionSet && rewriteSet(selection.selectionSet, false) };
  };
  const rewriteSet = (set: SelectionSetNode, changes: boolean): SelectionSetNode =>
    ({ ...set, selections: set.selections.length === 0 ? [TYPENAME] : set.selections.map((selection) => rewrite(selection, changes)) });

  const ofRoot = mutates ? fragmentsBelow(operation.selectionSet, fragments, false) : new Set<FragmentDefinitionNode>();
  const document: DocumentNode = {
    kind: Kind.DOCUMENT,
    definitions: [
      { ...operation, selectionSet: rewriteSet(operation.selectionSet, mutates) },
      ...(defers ? [] : [...used].map((fragment) => ({ ...fragment, selectionSet: rewriteSet(fragment.selectionSet, ofRoot.has(fragment)) }))),
    ],
  };
  return { document, operation, fragments, keyOf: (field) => keys.get(field) ?? field.name.value, deferralOf: (fragment) => deferrals.get(fragment) };
}

/** In the place of a selection of which nothing is wanted: the planner takes no empty one. */
const TYPENAME: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };

const isDefer = (directive: DirectiveNode): boolean => directive.name.value === 'defer';
const withoutDefer = (directives: readonly DirectiveNode[] = []): readonly DirectiveNode[] => directives.filter((directive) => !isDefer(directive));

const hasDefer = (set: SelectionSetNode): boolean => set.selections.some(
  (selection) => selection.directives?.some(isDefer) === true || (selection.kind !== Kind.FRAGMENT_SPREAD && selection.selectionSet !== undefined && hasDefer(selection.selectionSet)),
);

function deferralFrom(directives: readonly DirectiveNode[] | undefined, label: string): Deferral | undefined {
  const directive = directives?.find(isDefer);
  const valueOf = (name: string) => directive?.arguments?.find((argument) => argument.name.value === name)?.value;
  const condition = valueOf('if');
  if (directive === undefined || (condition?.kind === Kind.BOOLEAN && !condition.value)) return undefined;
  const clientLabel = valueOf('label');
  return { label, clientLabel: clientLabel?.kind === Kind.STRING ? clientLabel.value : undefined, condition: condition?.kind === Kind.VARIABLE ? condition.name.value : true };
}

function deferDirective({ label, condition }: Deferral): DirectiveNode {
  const argument = (name: string, value: ArgumentNode['value']): ArgumentNode => ({ kind: Kind.ARGUMENT, name: { kind: Kind.NAME, value: name }, value });
  return {
    kind: Kind.DIRECTIVE, name: { kind: Kind.NAME, value: 'defer' },
    arguments: [
      argument('label', { kind: Kind.STRING, value: label }),
      ...(condition === true ? [] : [argument('if', { kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: condition } })]),
    ],
  };
}

/** The selection set with each spread in its place, every node new. */
function unfold(set: SelectionSetNode, fragments: ReadonlyMap<string, FragmentDefinitionNode>): SelectionSetNode {
  return {
    ...set,
    selections: set.selections.flatMap((selection): SelectionNode[] => {
      if (selection.kind !== Kind.FRAGMENT_SPREAD) return [{ ...selection, selectionSet: selection.selectionSet && unfold(selection.selectionSet, fragments) } as SelectionNode];
      const fragment = fragments.get(selection.name.value);
      if (fragment === undefined) return [];
      return [{ kind: Kind.INLINE_FRAGMENT, typeCondition: fragment.typeCondition, directives: selection.directives, selectionSet: unfold(fragment.selectionSet, fragments) }];
    }),
  };
}

/** The fragments that a set spreads; with `deep` off, only those at its own level. */
function fragmentsBelow(
  set: SelectionSetNode, fragments: ReadonlyMap<string, FragmentDefinitionNode>, deep = true, found = new Set<FragmentDefinitionNode>(),
): Set<FragmentDefinitionNode> {
  for (const selection of set.selections) {
    if (selection.kind === Kind.FRAGMENT_SPREAD) {
      const fragment = fragments.get(selection.name.value);
      if (fragment === undefined || found.has(fragment)) continue;
      found.add(fragment);
      fragmentsBelow(fragment.selectionSet, fragments, deep, found);
    } else if (selection.selectionSet !== undefined && (deep || selection.kind === Kind.INLINE_FRAGMENT)) {
      fragmentsBelow(selection.selectionSet, fragments, deep, found);
    }
  }
  return found;
}
