import { Kind, type DirectiveNode, type FragmentDefinitionNode, type OperationDefinitionNode, type SelectionNode, type SelectionSetNode } from 'graphql';

interface Whole { readonly definition: OperationDefinitionNode; readonly fragments: ReadonlyMap<string, FragmentDefinitionNode> }

/** Takes out of an operation what its conditions exclude, and the conditions with it; `@defer` stays where it holds. */
export function decided({ definition, fragments }: Whole, condition: (variable: string) => boolean): Whole {
  const valueOf = (directive: DirectiveNode): boolean | undefined => {
    const value = directive.arguments?.find(({ name }) => name.value === 'if')?.value;
    return value?.kind === Kind.BOOLEAN ? value.value : value?.kind === Kind.VARIABLE ? condition(value.name.value) : undefined;
  };
  const excluded = ({ directives = [] }: SelectionNode): boolean => directives.some((directive) =>
    (directive.name.value === 'skip' && valueOf(directive) === true) || (directive.name.value === 'include' && valueOf(directive) === false));
  const undecided = (directive: DirectiveNode): DirectiveNode[] => {
    if (directive.name.value === 'skip' || directive.name.value === 'include') return [];
    if (directive.name.value !== 'defer') return [directive];
    return valueOf(directive) === false ? [] : [{ ...directive, arguments: directive.arguments?.filter(({ name }) => name.value !== 'if') }];
  };
  const inSet = (set: SelectionSetNode): SelectionSetNode => ({ ...set, selections: set.selections.filter((selection) => !excluded(selection)).map(inSelection) });
  const inSelection = (selection: SelectionNode): SelectionNode => {
    const directives = selection.directives?.flatMap(undecided);
    if (selection.kind === Kind.FRAGMENT_SPREAD) return { ...selection, directives };
    return { ...selection, directives, selectionSet: selection.selectionSet && inSet(selection.selectionSet) } as SelectionNode;
  };
  return {
    definition: { ...definition, selectionSet: inSet(definition.selectionSet) },
    fragments: new Map([...fragments].map(([name, fragment]) => [name, { ...fragment, selectionSet: inSet(fragment.selectionSet) }])),
  };
}
