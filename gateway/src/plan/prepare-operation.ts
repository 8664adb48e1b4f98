import { operationFromDocument, type Schema } from '@apollo/federation-internals';
import type { QueryPlan, QueryPlanner } from '@apollo/query-planner';
import { Kind, visit } from 'graphql';
import { compileProgram, type Program, type ProgramGraph } from '../execute/program.js';
import type { BoundedMap } from '../bounded-map.js';
import { canonicalDocument, type CanonicalDocument } from './canonical-document.js';
import { fragmentsOf, type Operation } from './operation.js';

/** An operation with its plan and the programs compiled from it, one for each choice of its conditions. */
export interface PreparedOperation {
  readonly canonical: CanonicalDocument;
  readonly plan: QueryPlan;
  /** The variables of `@skip`, `@include` and `@defer`. */
  readonly conditions: readonly string[];
  readonly programs: Map<string, Program>;
}

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

/** Gives the plan of an operation; it is the same for all variables. `incremental`: the client takes parts later. */
export function prepareOperation(graph: PlanningGraph, { source, document, definition, operationName }: Operation, incremental = false): PreparedOperation {
  const name = `${incremental ? '@' : ''}${operationName ?? ''}\n${source}`;
  const known = graph.plans.get(name);
  if (known !== undefined) return known;
  const canonical = canonicalDocument(definition, fragmentsOf(document), { suffix: graph.suffix, incremental });
  const operation = operationFromDocument(graph.planningSchema, canonical.document, { validate: false });
  const prepared = { canonical, plan: graph.queryPlanner.buildQueryPlan(operation), conditions: conditionsOf(canonical), programs: new Map<string, Program>() };
  graph.plans.set(name, prepared);
  return prepared;
}

/** Gives the program of an operation for the values of its conditions. */
export function programOf(graph: ProgramGraph, prepared: PreparedOperation, values: Readonly<Record<string, unknown>>): Program {
  const { conditions, programs } = prepared;
  const choice = conditions.map((name) => (values[name] === true ? '1' : '0')).join('');
  const known = programs.get(choice);
  if (known !== undefined) return known;
  const program = compileProgram(graph, prepared.plan, prepared.canonical, (name) => values[name] === true);
  if (programs.size >= MOST_PROGRAMS) programs.delete(programs.keys().next().value as string);
  programs.set(choice, program);
  return program;
}

/** About how many bytes a prepared operation holds. */
export const weightOf = (prepared: PreparedOperation, name: string): number => 4_000 + name.length * 150 * Math.min(MOST_PROGRAMS, 2 ** prepared.conditions.length);

function conditionsOf({ operation, fragments }: CanonicalDocument): string[] {
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
