import { Kind, valueFromASTUntyped, type FieldNode, type OperationDefinitionNode, type SelectionSetNode, type ValueNode } from 'graphql';
import { fragmentsOf, type Operation } from '../plan/operation.js';
import type { Supergraph } from '../supergraph.js';
import { CostModel, type FieldCost } from './cost-model.js';

type Variables = Readonly<Record<string, unknown>>;

/** A field of an operation with what it costs; fragments are unfolded. */
interface CostNode { readonly key: string; readonly name: string; readonly cost: FieldCost | undefined; readonly given: number; readonly slices: readonly ValueNode[]; readonly children: readonly CostNode[] }

/** What an operation costs: what it may cost, for the values it came with, and what an answer did. */
export interface OperationCost {
  requested(variables: Variables): number;
  /** Counts the items that came, by the answer's data. */
  actual(data: unknown): number;
}

const MUTATION = 10;
const trees = new WeakMap<Supergraph, { readonly model: CostModel; readonly operations: WeakMap<OperationDefinitionNode, OperationCost> }>();

/** Gives the cost of a validated operation; read once for each document. */
export function operationCost(supergraph: Supergraph, operation: Operation): OperationCost {
  let known = trees.get(supergraph);
  if (known === undefined) trees.set(supergraph, (known = { model: new CostModel(supergraph.sdl), operations: new WeakMap() }));
  const { model, operations } = known;
  let cost = operations.get(operation.definition);
  if (cost !== undefined) return cost;

  const fragments = fragmentsOf(operation.document);
  const read = (type: string, { selections }: SelectionSetNode): CostNode[] => selections.flatMap((selection): CostNode[] => {
    if (selection.kind !== Kind.FIELD) {
      const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? fragments.get(selection.name.value) : selection;
      return fragment === undefined ? [] : read(fragment.typeCondition?.name.value ?? type, fragment.selectionSet);
    }
    return [nodeOf(model.of(type, selection.name.value), selection, (below) => (selection.selectionSet === undefined ? [] : read(below, selection.selectionSet)))];
  });
  const base = operation.definition.operation === 'mutation' ? MUTATION : 0;
  const roots = read(supergraph.apiSchema.getRootType(operation.definition.operation)?.name ?? '', operation.definition.selectionSet);
  const defaults = Object.fromEntries((operation.definition.variableDefinitions ?? []).flatMap(({ variable, defaultValue }) => (defaultValue === undefined ? [] : [[variable.name.value, valueFromASTUntyped(defaultValue)]])));
  cost = {
    requested: (variables) => base + roots.reduce((sum, node) => sum + requestedOf(node, { ...defaults, ...variables }), 0),
    actual: (data) => base + roots.reduce((sum, node) => sum + actualOf(node, (data as Variables | null)?.[node.key]), 0),
  };
  operations.set(operation.definition, cost);
  return cost;
}

function nodeOf(cost: FieldCost | undefined, field: FieldNode, read: (type: string) => CostNode[]): CostNode {
  const given = field.arguments ?? [];
  return {
    key: (field.alias ?? field.name).value, name: field.name.value, cost,
    given: given.reduce((sum, { name }) => sum + (cost?.arguments.get(name.value) ?? 0), 0),
    slices: given.filter(({ name }) => cost?.size?.slicing.includes(name.value) === true).map(({ value }) => value),
    children: cost === undefined ? [] : read(cost.type),
  };
}

/** @param sized items that the field above says this list has. */
function requestedOf(node: CostNode, variables: Variables, sized?: number): number {
  const { cost, given, children } = node;
  if (cost === undefined) return 0;
  const own = sizeOf(node, variables);
  const items = cost.lists > 0 ? (sized ?? own ?? 1) ** cost.lists : 1;
  const below = children.reduce((sum, child) => sum + requestedOf(child, variables, cost.size?.sized.includes(child.name) === true ? own : undefined), 0);
  return given + items * (cost.weight + below);
}

function sizeOf({ cost, slices }: CostNode, variables: Variables): number | undefined {
  if (cost?.size === undefined) return undefined;
  const asked = slices.map((value) => valueFromASTUntyped(value, variables as Record<string, unknown>)).filter((size): size is number => typeof size === 'number' && size >= 0);
  return asked.length === 0 ? cost.size.assumed : Math.max(...asked);
}

function actualOf(node: CostNode, value: unknown): number {
  if (value === null || value === undefined || node.cost === undefined) return 0;
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + actualOf(node, item), 0);
  const { cost: { weight }, given, children } = node;
  return given + weight + children.reduce((sum, child) => sum + actualOf(child, (value as Variables)[child.key]), 0);
}
