import type { Scope, Viewer } from '@quanyu/viewer';
import { Kind, type ConstDirectiveNode, type ConstValueNode } from 'graphql';

/** What one directive asks of the viewer. */
export type Requirement =
  | { readonly kind: 'authenticated' }
  /** All of one of these lists. */
  | { readonly kind: 'scopes'; readonly anyOf: readonly (readonly string[])[] }
  | { readonly kind: 'policy'; readonly anyOf: readonly (readonly string[])[] };

/** Reads the requirements that directives of a type or a field state (`@authenticated`, `@requiresScopes`, `@policy`). */
export function requirementsOf(directives: readonly ConstDirectiveNode[] = []): Requirement[] {
  return directives.flatMap(({ name, arguments: given = [] }): Requirement[] => {
    const lists = (argument: string): string[][] => {
      const value = given.find((candidate) => candidate.name.value === argument)?.value;
      return value === undefined ? [] : items(value).map((inner) => items(inner).map((item) => (item.kind === Kind.STRING ? item.value : '')));
    };
    if (name.value === 'authenticated') return [{ kind: 'authenticated' }];
    if (name.value === 'requiresScopes') return [{ kind: 'scopes', anyOf: lists('scopes') }];
    if (name.value === 'policy') return [{ kind: 'policy', anyOf: lists('policies') }];
    return [];
  });
}

const items = (value: ConstValueNode): readonly ConstValueNode[] => (value.kind === Kind.LIST ? value.values : [value]);

/** One text for the same requirement wherever it stands. */
export const nameOf = (requirement: Requirement): string => JSON.stringify(requirement);

/** Policies are `kind:` and a kind of viewer, as in `@policy(policies: [["kind:staff"]])`; what nobody knows, nobody may. */
const allows = (viewer: Viewer, policy: string): boolean => policy === `kind:${viewer.kind}`;

/** Tells whether a viewer meets a requirement. */
export function meets(viewer: Viewer, requirement: Requirement): boolean {
  if (viewer.kind === 'anonymous') return false;
  if (requirement.kind === 'authenticated') return true;
  const holds = requirement.kind === 'scopes' ? (name: string) => viewer.can(name as Scope) : (name: string) => allows(viewer, name);
  return requirement.anyOf.some((all) => all.length > 0 && all.every(holds));
}
