import type { PlanNode, QueryPlan, SubscriptionNode } from '@apollo/query-planner';
import type { GraphQLObjectType, GraphQLSchema } from 'graphql';
import type { CanonicalDocument } from '../plan/canonical-document.js';
import type { EntityKeys } from '../plan/entity-keys.js';
import type { DistinctSupergraph } from '../plan/required-arguments.js';
import { compileMember, type Member } from './compile-member.js';
import { compileWriter, type Writer } from './compile-writer.js';
import { fetchesOf } from './fetches.js';
import { positionsOf } from './positions.js';
import { Shape, shapeOf, type ShapeOptions } from './shape.js';
import { stepsOf, type Lane, type Step } from './steps.js';

/** An operation, compiled for one choice of its conditions: it is run as often as wanted without looking at documents again. */
export interface Program {
  /** The operation with the conditions decided. */
  readonly canonical: CanonicalDocument;
  readonly steps: readonly CompiledStep[];
  readonly shape: Shape;
  readonly rootType: string;
  readonly write: Writer;
  /** How many fetches there are; their ids count from 0. */
  readonly fetches: number;
  /** How many steps each part waits for; the part of the first answer has the name null. */
  readonly blocks: ReadonlyMap<string | null, number>;
  /** About how much memory it holds. */
  readonly bytes: number;
}

/** One request with what is compiled for it. */
export interface CompiledStep extends Omit<Step, 'lanes'> {
  readonly lanes: readonly CompiledLane[];
  readonly rootMember: Member | undefined;
}

export interface CompiledLane { readonly lane: Lane; readonly members: readonly Member[] }

/** What does not change with the operation. */
export interface ProgramGraph {
  /** What clients see. */
  readonly apiSchema: GraphQLSchema;
  /** With every type of every subgraph. */
  readonly fullSchema: GraphQLSchema;
  readonly distinct: DistinctSupergraph;
  readonly keys: EntityKeys;
}

/** Compiles the plan of an operation. */
export function compileProgram(graph: ProgramGraph, plan: QueryPlan, canonical: CanonicalDocument, condition: (variable: string) => boolean): Program {
  const fetches = fetchesOf(asPlanNode(plan.node), { distinct: graph.distinct, keys: graph.keys, condition });
  const { root, at } = positionsOf(fetches);
  const options = { schema: graph.fullSchema, keys: graph.keys, required: graph.distinct.required };
  const member = (id: number): Member => compileMember(fetches[id] as (typeof fetches)[number], root, at[id] as (typeof at)[number], options);
  const steps = stepsOf(fetches, root, at).map(({ lanes, ...step }) => ({
    ...step,
    rootMember: step.root && member(step.root.id),
    lanes: lanes.map((lane) => ({ lane, members: lane.fetches.map(({ id }) => member(id)) })),
  }));
  const rootType = graph.apiSchema.getRootType(canonical.operation.operation) as GraphQLObjectType;
  const shapes: ShapeOptions = { schema: graph.apiSchema, canonical, condition, known: new Map(), numbers: new Map() };
  const shape = shapeOf(rootType, root, [canonical.operation.selectionSet], shapes);
  const blocks = new Map<string | null, number>([[null, 0]]);
  for (const { block } of steps) blocks.set(block, (blocks.get(block) ?? 0) + 1);
  const texts = steps.reduce((sum, { request }) => sum + request.query.length, 0);
  // Measured on plans from 1 to 20 fetches: documents and generated code weigh about this much for each character.
  return { canonical, steps, shape, rootType: rootType.name, write: compileWriter(shape), fetches: fetches.length, blocks, bytes: 4_000 + texts * 60 };
}

function asPlanNode(node: PlanNode | SubscriptionNode | undefined): PlanNode | undefined {
  if (node?.kind !== 'Subscription') return node;
  return node.rest === undefined ? node.primary : { kind: 'Sequence', nodes: [node.primary, node.rest] };
}
