import type { FetchDataRewrite, FetchNode, PlanNode, QueryPlanSelectionNode } from '@apollo/query-planner';
import { Kind, parse, visit, type FieldNode, type OperationDefinitionNode, type SelectionNode, type SelectionSetNode } from 'graphql';
import type { EntityKeys } from '../plan/entity-keys.js';
import type { DistinctSupergraph } from '../plan/required-arguments.js';

/** One fetch of a plan, out of the tree: what it asks, where its answer belongs, and what the plan puts before it. */
export interface Fetch {
  readonly id: number;
  readonly subgraph: string;
  /** Names in the answer; `@` stands for the items of a list. */
  readonly path: readonly string[];
  readonly operation: OperationDefinitionNode;
  /** Of the root type, or of the entities. */
  readonly selection: SelectionSetNode;
  /** What is sent of each entity; undefined asks the root type. */
  readonly requires: readonly QueryPlanSelectionNode[] | undefined;
  readonly inputRewrites: readonly FetchDataRewrite[];
  readonly outputRewrites: readonly FetchDataRewrite[];
  /** Ids of the fetches that the plan has run before this one starts. */
  readonly before: ReadonlySet<number>;
  /** The deferred block it belongs to; null is the first answer. */
  readonly block: string | null;
}

/** What is known of an operation when its plan is compiled for one choice of conditions. */
export interface FetchOptions {
  readonly distinct: Pick<DistinctSupergraph, 'required' | 'needs'>;
  readonly keys: EntityKeys;
  /** The value of a Boolean variable on which parts of the plan depend. */
  readonly condition: (variable: string) => boolean;
}

interface Place { readonly path: readonly string[]; readonly before: ReadonlySet<number>; readonly block: string | null }

/** Lists the fetches of a plan in an order that the plan allows. */
export function fetchesOf(node: PlanNode | undefined, options: FetchOptions): Fetch[] {
  const fetches: Fetch[] = [];
  const byPlanId = new Map<string, number[]>();

  const add = (fetch: FetchNode, place: Place): Set<number> => {
    if (fetch.contextRewrites?.length) throw new Error('@fromContext is not supported');
    const added = new Set<number>();
    for (const part of partsOf(fetch, options)) {
      const id = fetches.length;
      fetches.push({ id, subgraph: fetch.serviceName, ...part, inputRewrites: fetch.inputRewrites ?? [], outputRewrites: fetch.outputRewrites ?? [], ...place });
      added.add(id);
    }
    if (fetch.id !== undefined) byPlanId.set(fetch.id, [...added]);
    return added;
  };

  /** Gives the ids of all fetches below the node. */
  const walk = (current: PlanNode | undefined, place: Place): Set<number> => {
    switch (current?.kind) {
      case undefined: return new Set();
      case 'Fetch': return add(current, place);
      case 'Flatten': return walk(current.node, { ...place, path: [...place.path, ...current.path.map(String)] });
      case 'Condition': return walk(options.condition(current.condition) ? current.ifClause : current.elseClause, place);
      case 'Parallel': return new Set(current.nodes.flatMap((child) => [...walk(child, place)]));
      case 'Sequence': {
        let { before } = place;
        const all = new Set<number>();
        for (const child of current.nodes) {
          const ids = walk(child, { ...place, before });
          before = new Set([...before, ...ids]);
          for (const id of ids) all.add(id);
        }
        return all;
      }
      case 'Defer': {
        const all = walk(current.primary.node, place);
        for (const { depends, label, node: deferred } of current.deferred) {
          const needed = depends.flatMap(({ id }) => byPlanId.get(id) ?? []);
          for (const id of walk(deferred, { ...place, before: new Set([...place.before, ...all, ...needed]), block: label ?? place.block })) all.add(id);
        }
        return all;
      }
    }
  };
  walk(node, { path: [], before: new Set(), block: null });
  return fetches;
}

type Part = Pick<Fetch, 'operation' | 'selection' | 'requires'>;

/**
 * Splits a fetch of entities by what its fields require.
 *
 * A representation has one place for each name, but two fields may require one field with different arguments;
 * and a field that could not be had must not keep those from being asked for which do not need it. The parts
 * travel in one request all the same.
 */
function partsOf(fetch: FetchNode, { distinct: { required, needs }, keys }: FetchOptions): Part[] {
  const operation = withCalls(operationOf(fetch.operation), required);
  if (fetch.requires === undefined) return [{ operation, selection: operation.selectionSet, requires: undefined }];
  const entities = operation.selectionSet.selections[0] as FieldNode;
  const selection = entities.selectionSet as SelectionSetNode;
  const byNeeds = new Map<string, { readonly needed: ReadonlySet<string>; readonly fields: Set<SelectionNode> }>();
  const keyNames = new Set<string>();
  forEachField(selection, '', (field, type) => {
    for (const name of keys(fetch.serviceName, type).flat()) keyNames.add(name);
    if (field.name.value === '__typename') return;
    const needed = needs.get(`${fetch.serviceName} ${type}.${field.name.value}`) ?? NOTHING;
    const name = [...needed].sort().join();
    const part = byNeeds.get(name) ?? { needed, fields: new Set<SelectionNode>() };
    byNeeds.set(name, part);
    part.fields.add(field);
  });
  const parts = [...byNeeds.values()];
  if (parts.length < 2) return [{ operation, selection, requires: fetch.requires }];
  return parts.map(({ needed, fields }) => {
    const foreign = new Set(parts.flatMap((other) => [...other.needed]).filter((name) => !needed.has(name) && !keyNames.has(name)));
    const own = onlyFields(selection, fields);
    return {
      selection: own,
      operation: { ...operation, selectionSet: { ...operation.selectionSet, selections: [{ ...entities, selectionSet: own }] } },
      requires: withoutNames(fetch.requires ?? [], foreign),
    };
  });
}

const NOTHING: ReadonlySet<string> = new Set();

function operationOf(text: string): OperationDefinitionNode {
  const [operation] = parse(text, { noLocation: true }).definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('a fetch of a plan has no operation');
  return operation;
}

/** Puts the real calls back in the place of the fields that stand for them. */
const withCalls = (operation: OperationDefinitionNode, required: DistinctSupergraph['required']): OperationDefinitionNode => required.size === 0 ? operation : visit(operation, {
  Field: {
    leave(field) {
      const made = required.get(field.name.value);
      return made && { ...made.call, alias: { kind: Kind.NAME, value: made.name }, directives: field.directives, selectionSet: field.selectionSet };
    },
  },
});

function forEachField(set: SelectionSetNode, type: string, take: (field: FieldNode, type: string) => void): void {
  for (const selection of set.selections) {
    if (selection.kind === Kind.FIELD) take(selection, type);
    else if (selection.kind === Kind.INLINE_FRAGMENT) forEachField(selection.selectionSet, selection.typeCondition?.name.value ?? type, take);
  }
}

function onlyFields(set: SelectionSetNode, fields: ReadonlySet<SelectionNode>): SelectionSetNode {
  const selections = set.selections.flatMap((selection): SelectionNode[] => {
    if (selection.kind === Kind.FIELD) return fields.has(selection) || selection.name.value === '__typename' ? [selection] : [];
    if (selection.kind !== Kind.INLINE_FRAGMENT) return [selection];
    const below = onlyFields(selection.selectionSet, fields);
    return below.selections.length === 0 ? [] : [{ ...selection, selectionSet: below }];
  });
  return { ...set, selections };
}

const withoutNames = (nodes: readonly QueryPlanSelectionNode[], names: ReadonlySet<string>): QueryPlanSelectionNode[] => nodes.flatMap((node): QueryPlanSelectionNode[] => {
  if (node.kind === 'Field' && names.has(node.name)) return [];
  return node.selections === undefined ? [node] : [{ ...node, selections: withoutNames(node.selections, names) } as QueryPlanSelectionNode];
});
