import { operationFromDocument, type Schema } from '@apollo/federation-internals';
import type { QueryPlan, QueryPlanner } from '@apollo/query-planner';
import { Kind, visit, type FragmentDefinitionNode, type OperationDefinitionNode, type SelectionSetNode } from 'graphql';
import { compileProgram, type Program, type ProgramGraph } from '../execute/program.js';
import type { BoundedMap } from '../bounded-map.js';
import { decided } from './decided-document.js';
import { canonicalDocument, type CanonicalDocument } from './canonical-document.js';
import { fragmentsOf, type Operation } from './operation.js';

/** An operation with the programs compiled from its plans, one for each choice of its conditions. */
export interface PreparedOperation {
  readonly definition: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly incremental: boolean;
  /** The variables of `@skip`, `@include` and `@defer`. */
  readonly conditions: readonly string[];
  readonly programs: Map<string, Program>;
  /** For an operation with many conditions: its one plan, in which they are left open. */
  open?: Planned;
}

interface Planned { readonly canonical: CanonicalDocument; readonly plan: QueryPlan }

/** What of a supergraph is needed to plan. */
export interface PlanningGraph extends ProgramGraph {
  /** What clients see, for the planner, which has a schema model of its own. */
  readonly planningSchema: Schema;
  readonly queryPlanner: QueryPlanner;
  /** Marks the names that plans use in subgraphs' answers; no field ends with it and a number. */
  readonly suffix: string;
  readonly plans: BoundedMap<string, PreparedOperation>;
}

/** Programs of one operation for different conditions; a client that tries all of ten flags must not fill the memory. */
const MOST_PROGRAMS = 32;
/**
 * Up to so many conditions are decided before planning: the plans have less to fetch, and the planner has been seen to
 * drop fields under conditions that contradict each other.
 */
const MOST_DECIDED = 4;

/** Finds what is known of an operation. `incremental`: the client takes parts later. */
export function prepareOperation(graph: PlanningGraph, { source, document, definition, operationName }: Operation, incremental = false): PreparedOperation {
  const name = `${incremental ? '@' : ''}${operationName ?? ''}\n${source}`;
  const known = graph.plans.get(name);
  if (known !== undefined) return known;
  const fragments = fragmentsOf(document);
  const prepared: PreparedOperation = { definition, fragments, incremental, conditions: conditionsOf(definition, fragments), programs: new Map() };
  // Planned before it is remembered: what cannot be planned would be in the way.
  if (prepared.conditions.length === 0) programOf(graph, prepared, {});
  graph.plans.set(name, prepared);
  return prepared;
}

/** Gives the program of an operation for the values of its conditions. */
export function programOf(graph: PlanningGraph, prepared: PreparedOperation, values: Readonly<Record<string, unknown>>): Program {
  const { conditions, programs } = prepared;
  const choice = conditions.map((name) => (values[name] === true ? '1' : '0')).join('');
  const known = programs.get(choice);
  if (known !== undefined) return known;
  const condition = (name: string): boolean => values[name] === true;
  const { canonical, plan } = conditions.length <= MOST_DECIDED ? planned(graph, prepared, condition) : (prepared.open ??= planned(graph, prepared));
  const program = compileProgram(graph, plan, canonical, condition);
  if (programs.size >= MOST_PROGRAMS) programs.delete(programs.keys().next().value as string);
  programs.set(choice, program);
  return program;
}

function planned(graph: PlanningGraph, prepared: PreparedOperation, condition?: (name: string) => boolean): Planned {
  const { definition, fragments, incremental } = condition === undefined ? prepared : { ...prepared, ...decided(prepared, condition) };
  const canonical = canonicalDocument(definition, fragments, { suffix: graph.suffix, incremental });
  if (!asksSubgraphs(definition.selectionSet, fragments)) return { canonical, plan: { kind: 'QueryPlan' } };
  return { canonical, plan: graph.queryPlanner.buildQueryPlan(operationFromDocument(graph.planningSchema, canonical.document, { validate: false })) };
}

/** Introspection and the name of the root type are answered here. */
const asksSubgraphs = (set: SelectionSetNode, fragments: PreparedOperation['fragments']): boolean => set.selections.some((selection) => {
  if (selection.kind === Kind.FIELD) return !selection.name.value.startsWith('__');
  const below = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
  return below !== undefined && asksSubgraphs(below.selectionSet, fragments);
});

/** About how many bytes a prepared operation comes to hold. */
export const weightOf = (prepared: PreparedOperation, name: string): number => 4_000 + name.length * 150 * Math.min(MOST_PROGRAMS, 2 ** prepared.conditions.length);

function conditionsOf(operation: OperationDefinitionNode, fragments: PreparedOperation['fragments']): string[] {
  const names = new Set<string>();
  const collect = {
    Directive: ({ name, arguments: given = [] }: { readonly name: { readonly value: string }; readonly arguments?: readonly { readonly value: { readonly kind: Kind; readonly name?: { readonly value: string } } }[] }) => {
      if (!['skip', 'include', 'defer'].includes(name.value)) return;
      for (const { value } of given) if (value.kind === Kind.VARIABLE && value.name !== undefined) names.add(value.name.value);
    },
  };
  visit(operation, collect);
  for (const fragment of fragments.values()) visit(fragment, collect);
  return [...names].sort();
}
