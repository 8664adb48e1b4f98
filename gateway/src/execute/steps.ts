import { Kind, print, stripIgnoredCharacters, visit, type DocumentNode, type FieldNode, type OperationDefinitionNode, type VariableDefinitionNode } from 'graphql';
import type { Fetch } from './fetches.js';
import type { Position } from './positions.js';

/** Fetches that ask the same of the same kind of entities, so that one list of representations serves all. */
export interface Lane {
  readonly fetches: readonly Fetch[];
  /** The names of the answer and of the variable. */
  readonly answer: string;
  readonly variable: string;
}

/** One request to one subgraph. */
export interface Step {
  readonly index: number;
  readonly subgraph: string;
  readonly block: string | null;
  /** A fetch of the root type, or lanes of entities. */
  readonly root: Fetch | undefined;
  readonly lanes: readonly Lane[];
  readonly request: { readonly query: string; readonly document: DocumentNode; readonly operationName: string | undefined };
  readonly kind: OperationDefinitionNode['operation'];
  readonly variables: readonly string[];
  /** Indexes of the steps that wait for this one, and how many this one waits for. */
  readonly next: readonly number[];
  readonly waits: number;
}

/**
 * Puts the fetches of a plan into as few requests as keep its pace.
 *
 * A fetch depends on those that bring its objects and what it requires, not on all that the plan happens to
 * name before it. Those that can run at the same time and ask the same subgraph for entities become one
 * request; one that has time to spare waits for a later request to its subgraph when there is one.
 */
export function stepsOf(fetches: readonly Fetch[], root: Position, at: readonly Position[]): Step[] {
  const needs = fetches.map((fetch) => dependencies(fetch, fetches, root, at));
  const groups = grouped(fetches, needs);
  const groupOf = new Map(groups.flatMap((group, index) => group.map((fetch) => [fetch.id, index] as const)));
  const before = groups.map((group, index) => new Set(group.flatMap(({ id }) => [...(needs[id] ?? [])].map((need) => groupOf.get(need) ?? 0)).filter((need) => need !== index)));
  return groups.map((group, index) => ({
    index,
    ...requestOf(group),
    next: before.flatMap((needed, other) => (needed.has(index) ? [other] : [])),
    waits: before[index]?.size ?? 0,
  }));
}

function dependencies(fetch: Fetch, fetches: readonly Fetch[], root: Position, at: readonly Position[]): Set<number> {
  const found = new Set<number>();
  const need = (ids: readonly number[]): void => {
    for (const id of ids) if (id !== fetch.id && fetch.before.has(id)) found.add(id);
  };
  let position: Position | undefined = root;
  for (const key of fetch.path) {
    if (key === '@') continue;
    need(position?.providers(key) ?? []);
    position = position?.below(key);
  }
  const needFields = (nodes: NonNullable<Fetch['requires']>, place: Position | undefined): void => {
    for (const node of nodes) {
      if (node.kind === 'InlineFragment') {
        needFields(node.selections, place);
        continue;
      }
      const key = node.alias ?? node.name;
      need(place?.providers(key) ?? []);
      if (node.selections !== undefined) needFields(node.selections, place?.below(key));
    }
  };
  needFields(fetch.requires ?? [], at[fetch.id]);
  // The next field of a mutation starts when the one before it is done, with all that belongs to it.
  if (fetch.operation.operation === 'mutation') need(fetches.map(({ id }) => id));
  return found;
}

function grouped(fetches: readonly Fetch[], needs: readonly ReadonlySet<number>[]): Fetch[][] {
  const earliest: number[] = [];
  for (const { id } of fetches) earliest[id] = Math.max(-1, ...[...(needs[id] ?? [])].map((need) => earliest[need] ?? 0)) + 1;
  const last = Math.max(0, ...earliest);
  const dependents = fetches.map(({ id }) => fetches.filter((other) => needs[other.id]?.has(id) === true));
  const levelOf = new Map<number, number>();
  const requests: { readonly level: number; readonly fetches: Fetch[] }[] = [];

  // From the end: when a fetch is placed, those that wait for it already are.
  for (const fetch of [...fetches].sort((one, other) => (earliest[other.id] ?? 0) - (earliest[one.id] ?? 0))) {
    const from = earliest[fetch.id] ?? 0;
    const to = Math.min(last, ...(dependents[fetch.id] ?? []).map(({ id }) => (levelOf.get(id) ?? 0) - 1));
    const joins = requests
      .filter(({ level, fetches: [first] }) => level >= from && level <= to && first !== undefined && canShare(first, fetch))
      .sort((one, other) => other.level - one.level)[0];
    if (joins === undefined) requests.push({ level: from, fetches: [fetch] });
    else joins.fetches.push(fetch);
    levelOf.set(fetch.id, joins?.level ?? from);
  }
  return requests.sort((one, other) => one.level - other.level).map((request) => request.fetches.sort((one, other) => one.id - other.id));
}

const canShare = (one: Fetch, other: Fetch): boolean =>
  one.subgraph === other.subgraph && one.block === other.block && one.requires !== undefined && other.requires !== undefined;

function requestOf(group: readonly Fetch[]): Omit<Step, 'index' | 'next' | 'waits'> {
  const first = group[0] as Fetch;
  const { operation: kind, name } = first.operation;
  const lanes = lanesOf(group);
  const operation = withUsedVariables(lanes.length < 2 ? first.operation : joined(lanes));
  const own = new Set(lanes.map(({ variable }) => variable));
  const variables = (operation.variableDefinitions ?? []).map(({ variable }) => variable.name.value).filter((variable) => !own.has(variable));
  const document: DocumentNode = { kind: Kind.DOCUMENT, definitions: [operation] };
  return {
    subgraph: first.subgraph, block: first.block, root: first.requires === undefined ? first : undefined, lanes, kind, variables,
    request: { query: stripIgnoredCharacters(print(document)), document, operationName: name?.value },
  };
}

function lanesOf(group: readonly Fetch[]): Lane[] {
  const bySelection = new Map<string, Fetch[]>();
  for (const fetch of group) {
    if (fetch.requires === undefined) continue;
    const asked = JSON.stringify([print(fetch.selection), sorted(fetch.requires), fetch.inputRewrites]);
    bySelection.set(asked, [...(bySelection.get(asked) ?? []), fetch]);
  }
  const several = bySelection.size > 1;
  return [...bySelection.values()].map((fetches, index) => ({
    fetches, answer: several ? `entities${index}` : '_entities', variable: several ? `representations${index}` : 'representations',
  }));
}

/** A part of a fetch may use fewer variables than the whole; a definition that is left over would be refused. */
function withUsedVariables(operation: OperationDefinitionNode): OperationDefinitionNode {
  const used = new Set<string>();
  visit({ ...operation, variableDefinitions: [] }, { Variable: ({ name }) => void used.add(name.value) });
  return { ...operation, variableDefinitions: operation.variableDefinitions?.filter(({ variable }) => used.has(variable.name.value)) };
}

/** The same whatever order the plan has them in. */
const sorted = (nodes: NonNullable<Fetch['requires']>): unknown[] => nodes.map((node) => [
  node.kind === 'Field' ? `${node.alias ?? ''}:${node.name}` : `... ${node.typeCondition ?? ''}`, node.selections === undefined ? '' : JSON.stringify(sorted(node.selections)),
]).sort();

/** One operation that asks for the entities of several lanes. */
function joined(lanes: readonly Lane[]): OperationDefinitionNode {
  const definitions = new Map<string, VariableDefinitionNode>();
  const selections: FieldNode[] = [];
  for (const { fetches: [fetch], answer, variable } of lanes) {
    if (fetch === undefined) continue;
    const name = { kind: Kind.NAME as const, value: variable };
    for (const definition of fetch.operation.variableDefinitions ?? []) {
      const own = definition.variable.name.value === 'representations';
      definitions.set(own ? variable : definition.variable.name.value, own ? { ...definition, variable: { kind: Kind.VARIABLE, name } } : definition);
    }
    const entities = fetch.operation.selectionSet.selections[0] as FieldNode;
    selections.push({
      ...entities, alias: { kind: Kind.NAME, value: answer },
      arguments: [{ kind: Kind.ARGUMENT, name: { kind: Kind.NAME, value: 'representations' }, value: { kind: Kind.VARIABLE, name } }],
    });
  }
  const { operation } = lanes[0]?.fetches[0] as Fetch;
  return { ...operation, variableDefinitions: [...definitions.values()], selectionSet: { kind: Kind.SELECTION_SET, selections } };
}
