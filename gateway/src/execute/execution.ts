import { GraphQLError, type ExecutionResult } from 'graphql';
import type { SubgraphRequest } from '../sources/source.js';
import type { Gathered, Member, Targets } from './compile-member.js';
import { Faults, fromSubgraph, unavailable } from './faults.js';
import type { CompiledLane, CompiledStep, Program } from './program.js';
import { renamesOf } from './positions.js';
import type { Data } from './representation.js';

/** Sends one request of a plan. */
export type Send = (step: CompiledStep, request: SubgraphRequest) => Promise<ExecutionResult>;

interface Work { readonly member: Member; readonly targets: Targets }
interface LaneWork { readonly lane: CompiledLane; readonly gathered: Gathered; readonly works: readonly Work[] }

/** One run of a program: sends what is due, and keeps what came. */
export class Execution {
  readonly root: Data = {};
  readonly faults = new Faults();
  /** By fetch: several objects hold the same entity. */
  readonly shared: boolean[];
  readonly #waits: number[];
  readonly #open: Map<string | null, number>;

  constructor(
    private readonly program: Program, private readonly variables: Readonly<Record<string, unknown>>, private readonly send: Send,
    /** Told when all of a part has come. */
    private readonly done: (block: string | null) => void,
  ) {
    this.#waits = program.steps.map(({ waits }) => waits);
    this.shared = new Array<boolean>(program.fetches).fill(false);
    this.#open = new Map(program.blocks);
  }

  start(): void {
    if (this.#open.get(null) === 0) this.done(null);
    for (const step of this.program.steps) if (step.waits === 0) this.#launch(step);
  }

  #launch(step: CompiledStep): void {
    let works: LaneWork[] | undefined;
    let variables: Record<string, unknown>;
    try {
      variables = this.#variablesOf(step);
      if (step.root === undefined) {
        works = step.lanes.map((lane) => this.#gather(lane));
        if (works.every(({ gathered }) => gathered.representations.length === 0)) return this.#settle(step);
        for (const { lane, gathered } of works) variables[lane.lane.variable] = gathered.representations;
      } else if (step.rootMember !== undefined && step.root.path.length > 0 && this.#targetsOf(step.rootMember).objects.length === 0) {
        return this.#settle(step);
      }
    } catch (error) {
      return this.#fail(step, error);
    }
    this.send(step, { ...step.request, variables }).then(
      (result) => this.#absorb(step, works, result),
      (error: unknown) => this.#fail(step, error),
    );
  }

  #variablesOf({ variables }: CompiledStep): Record<string, unknown> {
    const used: Record<string, unknown> = {};
    for (const name of variables) if (Object.hasOwn(this.variables, name) && this.variables[name] !== undefined) used[name] = this.variables[name];
    return used;
  }

  #gather(lane: CompiledLane): LaneWork {
    const gathered: Gathered = { representations: [], known: Array.from({ length: lane.members[0]?.types ?? 0 }, () => new Map<unknown, number>()) };
    return { lane, gathered, works: lane.members.map((member) => ({ member, targets: member.gather(this.root, gathered, this.faults) })) };
  }

  // A method: each arrow function that belongs to an object keeps it, and all its data, from dying young (V8 13.6).
  #targetsOf(member: Member): Targets {
    return member.gather(this.root, { representations: [], known: [] }, this.faults);
  }

  #absorb(step: CompiledStep, works: readonly LaneWork[] | undefined, result: ExecutionResult): void {
    try {
      if (step.rootMember !== undefined) this.#absorbRoot(step.rootMember, result);
      else this.#absorbLanes(works ?? [], result);
    } catch (error) {
      return this.#fail(step, error);
    }
    this.#settle(step);
  }

  #absorbRoot(member: Member, { data, errors }: ExecutionResult): void {
    if (data !== null && (typeof data !== 'object' || Array.isArray(data)) && !errors?.length) throw new TypeError('an answer without data or errors');
    const targets = this.#targetsOf(member);
    const answer = (data ?? null) as Data | null;
    rewriteOutput(member, answer === null ? [] : [answer]);
    for (const error of errors ?? []) this.#locateInRoot(error, targets, answer, member);
    member.attach(targets, [answer], this.faults);
  }

  #locateInRoot(told: GraphQLError, { objects }: Targets, answer: Data | null, member: Member): void {
    const error = fromSubgraph(told, member.fetch.subgraph);
    const path = pathOf(told, member);
    const [first, ...rest] = path;
    if (answer !== null && first !== undefined) return this.faults.locate(answer, first, error, rest);
    if (answer !== null) this.faults.unplaced(error);
    for (const object of objects) this.faults.block(object, member.fetch.id, [{ error, rest: answer === null ? path : [] }]);
  }

  #absorbLanes(lanes: readonly LaneWork[], { data, errors = [] }: ExecutionResult): void {
    const found = lanes.map((work) => this.#entitiesOf(work, data, errors));
    for (const error of errors) {
      const [name] = error.path ?? [];
      const concerned = lanes.flatMap((work, n) => (work.lane.lane.answer === name ? [n] : []));
      // An error without a place may be about any of them.
      for (const n of concerned.length > 0 ? concerned : lanes.keys()) this.#locateInEntities(error, found[n] as (Data | null)[] | null, lanes[n] as LaneWork);
    }
    lanes.forEach(({ gathered, works }, n) => {
      const entities = found[n];
      if (entities === null || entities === undefined) return;
      for (const { member, targets } of works) {
        member.attach(targets, entities, this.faults);
        this.shared[member.fetch.id] = targets.objects.length > gathered.representations.length || works.length > 1;
      }
    });
  }

  /** The entities of a lane, one for each representation; null when there are only errors. */
  #entitiesOf({ lane, gathered, works }: LaneWork, data: ExecutionResult['data'], errors: readonly GraphQLError[]): (Data | null)[] | null {
    const entities = data?.[lane.lane.answer];
    if (entities === null || entities === undefined) {
      if (errors.length === 0) throw new TypeError('an answer without entities or errors');
      return null;
    }
    if (!Array.isArray(entities) || entities.length !== gathered.representations.length || !entities.every((entity) => typeof entity === 'object' && !Array.isArray(entity))) {
      throw new TypeError('an answer with other entities than were asked for');
    }
    if (works[0] !== undefined) rewriteOutput(works[0].member, entities as (Data | null)[]);
    return entities as (Data | null)[];
  }

  #locateInEntities(told: GraphQLError, entities: readonly (Data | null)[] | null, { works }: LaneWork): void {
    const [work] = works;
    if (work === undefined) return;
    const error = fromSubgraph(told, work.member.fetch.subgraph);
    const [, index, first, ...rest] = pathOf(told, work.member);
    const entity = typeof index === 'number' ? entities?.[index] : undefined;
    if (entity !== null && entity !== undefined && first !== undefined) return this.faults.locate(entity, first, error, rest);
    if (entities !== null && entity !== null) this.faults.unplaced(error);
    const located = { error, rest: entities === null || first === undefined ? [] : [first, ...rest] };
    for (const { member, targets } of works) {
      targets.objects.forEach((object, n) => {
        if (entities === null || typeof index !== 'number' || targets.indexes[n] === index) this.faults.block(object, member.fetch.id, [located]);
      });
    }
  }

  #fail(step: CompiledStep, cause: unknown): void {
    const error = cause instanceof GraphQLError ? cause : unavailable(cause, step.subgraph);
    if (step.root !== undefined) this.faults.fail(step.root.id, error);
    for (const { members } of step.lanes) for (const { fetch } of members) this.faults.fail(fetch.id, error);
    this.#settle(step);
  }

  #settle({ next, block }: CompiledStep): void {
    for (const index of next) {
      const left = (this.#waits[index] ?? 1) - 1;
      this.#waits[index] = left;
      if (left === 0) this.#launch(this.program.steps[index] as CompiledStep);
    }
    const open = (this.#open.get(block) ?? 1) - 1;
    this.#open.set(block, open);
    if (open === 0) this.done(block);
  }
}

/** The path of an error by the names that the data has. */
function pathOf({ path }: GraphQLError, { fetch }: Member): readonly (string | number)[] {
  if (!Array.isArray(path)) return [];
  const renames = renamesOf(fetch);
  return renames.size === 0 ? path : path.map((part: string | number) => (typeof part === 'string' ? (renames.get(part) ?? part) : part));
}

/** Puts values back under the names that the plan had to change because two types differ in a field. */
function rewriteOutput({ fetch }: Member, values: readonly (Data | null)[]): void {
  for (const rewrite of fetch.outputRewrites) {
    if (rewrite.kind !== 'KeyRenamer') throw new Error('an output rewrite of the plan is of an unknown form');
    rename(values, rewrite.path, rewrite.renameKeyTo);
  }
}

function rename(value: unknown, path: readonly string[], to: string): void {
  if (Array.isArray(value)) return value.forEach((item) => rename(item, path, to));
  const [first = '', ...rest] = path;
  if (value === null || typeof value !== 'object') return;
  const data = value as Data;
  if (first.startsWith('... on ')) return rename(data, rest, to);
  if (rest.length > 0) return rename(data[first], rest, to);
  if (!Object.hasOwn(data, first)) return;
  data[to] = data[first];
  delete data[first];
}
