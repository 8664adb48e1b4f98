import {
  defaultTypeResolver, getArgumentValues, GraphQLError, isAbstractType, isLeafType, isListType, isNonNullType, isObjectType, Kind, TypeNameMetaFieldDef,
  type FieldNode, type FragmentDefinitionNode, type GraphQLAbstractType, type GraphQLField, type GraphQLLeafType, type GraphQLObjectType, type GraphQLOutputType, type GraphQLResolveInfo,
  type GraphQLSchema, type OperationDefinitionNode, type SelectionSetNode,
} from 'graphql';
import { Frame, type Run } from './run.js';

/** Fills an object's fields. */
export type Fill = (run: Run, source: unknown, frame: Frame) => void;
/** Completes a value and puts it in its place. */
type Complete = (run: Run, value: unknown, frame: Frame, key: string | number) => void;

/** What is compiled against. */
export interface Compiled { readonly schema: GraphQLSchema; readonly operation: OperationDefinitionNode; readonly fragments: Readonly<Record<string, FragmentDefinitionNode>> }

interface Site { readonly parentType: GraphQLObjectType; readonly definition: GraphQLField<unknown, unknown>; readonly nodes: readonly FieldNode[]; readonly compiled: Compiled }

/** Compiles what is asked of objects of one type. */
export function fillOf(compiled: Compiled, type: GraphQLObjectType, sets: readonly SelectionSetNode[]): Fill {
  const nodes = new Map<string, FieldNode[]>();
  for (const set of sets) collect(compiled, type, set, nodes);
  const fields = [...nodes].map(([key, same]) => fieldOf(compiled, type, key, same));
  return (run, source, frame) => {
    for (let n = 0; n < fields.length; n += 1) {
      if (frame.dead) return;
      (fields[n] as Fill)(run, source, frame);
    }
  };
}

function collect(compiled: Compiled, type: GraphQLObjectType, set: SelectionSetNode, nodes: Map<string, FieldNode[]>): void {
  for (const selection of set.selections) {
    if (selection.kind === Kind.FIELD) {
      const key = (selection.alias ?? selection.name).value;
      nodes.set(key, [...(nodes.get(key) ?? []), selection]);
      continue;
    }
    const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : compiled.fragments[selection.name.value];
    const condition = fragment?.typeCondition?.name.value;
    const named = condition === undefined ? type : compiled.schema.getType(condition);
    if (fragment !== undefined && (named === type || (isAbstractType(named) && compiled.schema.isSubType(named, type)))) collect(compiled, type, fragment.selectionSet, nodes);
  }
}

function fieldOf(compiled: Compiled, parentType: GraphQLObjectType, key: string, nodes: readonly FieldNode[]): Fill {
  const [node] = nodes as readonly [FieldNode];
  const name = node.name.value;
  if (name === TypeNameMetaFieldDef.name) return (_run, _source, frame) => { frame.into[key] = parentType.name; };
  const definition = parentType.getFields()[name];
  // As graphql-js has it: what a subgraph does not know is left out.
  if (definition === undefined) return () => undefined;
  const site: Site = { parentType, definition, nodes, compiled };
  const nullable = !isNonNullType(definition.type);
  const complete = completeOf(definition.type, site, true);
  const { resolve } = definition;
  if (resolve === undefined && definition.args.length === 0) {
    return (run, source, frame) => {
      let value: unknown;
      try {
        value = typeof source === 'object' && source !== null ? (source as Record<string, unknown>)[name] : undefined;
        if (typeof value === 'function') value = (source as Record<string, (...given: unknown[]) => unknown>)[name]?.({}, run.contextValue, new Info(run, site, frame, key));
      } catch (error) {
        return run.fail(error, frame, key, nullable, nodes);
      }
      complete(run, value, frame, key);
    };
  }
  const argsOf = argumentsOf(site, node);
  const resolver = resolve ?? ((source: unknown, args: unknown, context: unknown, info: unknown) => {
    const value = (source as Record<string, unknown> | null | undefined)?.[name];
    return typeof value === 'function' ? (source as Record<string, (...given: unknown[]) => unknown>)[name]?.(args, context, info) : value;
  });
  const fill: Fill = (run, source, frame) => {
    let value: unknown;
    try {
      value = resolver(source, argsOf(run), run.contextValue, new Info(run, site, frame, key) as unknown as GraphQLResolveInfo);
    } catch (error) {
      return run.fail(error, frame, key, nullable, nodes);
    }
    complete(run, value, frame, key);
  };
  return name === '_entities' && String(definition.type) === '[_Entity]!' ? entitiesOf(site, key, argsOf, fill) : fill;
}

/**
 * Does what `@apollo/subgraph` does to resolve entities, without its promises for each: the type of an entity is that of
 * its reference. References by an interface, whose type has to be found out, are left to it.
 */
function entitiesOf(site: Site, key: string, argsOf: (run: Run) => Record<string, unknown>, others: Fill): Fill {
  const { schema } = site.compiled;
  const completeAs = new Map<GraphQLObjectType, Complete>();
  return (run, source, frame) => {
    let found: unknown[];
    const types: GraphQLObjectType[] = [];
    try {
      const { representations } = argsOf(run) as { readonly representations: readonly Reference[] };
      for (const { __typename } of representations) {
        const type = schema.getType(__typename);
        if (!isObjectType(type)) return others(run, source, frame);
        types.push(type);
      }
      const info = new Info(run, site, frame, key);
      found = representations.map((reference, n) => {
        const { apollo } = (types[n] as GraphQLObjectType).extensions as { readonly apollo?: { readonly subgraph?: { readonly resolveReference?: ResolveReference } } };
        const resolve = apollo?.subgraph?.resolveReference;
        return resolve === undefined ? reference : resolve(reference, run.contextValue, info);
      });
    } catch (error) {
      return run.fail(error, frame, key, false, site.nodes);
    }
    const list: unknown[] = [];
    frame.into[key] = list;
    const own = new Frame(list as never, frame, key, false);
    for (let n = 0; n < found.length && !own.dead; n += 1) {
      const type = types[n] as GraphQLObjectType;
      let complete = completeAs.get(type);
      if (complete === undefined) completeAs.set(type, (complete = completeOf(type, site, true)));
      complete(run, found[n], own, n);
    }
  };
}

interface Reference { readonly __typename: string }
type ResolveReference = (reference: Reference, context: unknown, info: unknown) => unknown;

/** A field's arguments are the same for all objects of an execution, and without variables for all executions; each call gets its own copy. */
function argumentsOf(site: Site, node: FieldNode): (run: Run) => Record<string, unknown> {
  if (site.definition.args.length === 0) return () => ({});
  return (run) => {
    let args = run.args.get(site);
    if (args === undefined) run.args.set(site, (args = getArgumentValues(site.definition, node, run.variables)));
    return { ...args };
  };
}

/** What resolvers are told of where they are; most never look, so it is worked out when they do. */
class Info {
  constructor(private readonly run: Run, private readonly site: Site, private readonly frame: Frame, private readonly key: string) {}
  get fieldName(): string { return this.site.definition.name; }
  get fieldNodes(): readonly FieldNode[] { return this.site.nodes; }
  get returnType(): GraphQLOutputType { return this.site.definition.type; }
  get parentType(): GraphQLObjectType { return this.site.parentType; }
  get schema(): GraphQLSchema { return this.site.compiled.schema; }
  get fragments(): Compiled['fragments'] { return this.site.compiled.fragments; }
  get operation(): OperationDefinitionNode { return this.site.compiled.operation; }
  get rootValue(): unknown { return this.run.rootValue; }
  get variableValues(): Run['variables'] { return this.run.variables; }
  get path(): GraphQLResolveInfo['path'] { return pathOf(this.frame, this.key, this.parentType.name); }
}

function pathOf(frame: Frame, key: string | number, typename: string | undefined): GraphQLResolveInfo['path'] {
  return { prev: frame.up === undefined ? undefined : pathOf(frame.up, frame.key, undefined), key, typename };
}

function completeOf(type: GraphQLOutputType, site: Site, nullable: boolean): Complete {
  if (isNonNullType(type)) return completeOf(type.ofType as GraphQLOutputType, site, false);
  const { nodes } = site;
  const found = foundOf(type, site, nullable);
  const complete: Complete = (run, value, frame, key) => {
    if (value === null || value === undefined) {
      if (nullable) frame.into[key] = null;
      else run.fail(new Error(`Cannot return null for non-nullable field ${site.parentType.name}.${site.definition.name}.`), frame, key, nullable, nodes);
      return;
    }
    if (typeof value === 'object') {
      if (typeof (value as PromiseLike<unknown>).then === 'function') return run.wait(value as PromiseLike<unknown>, frame, key, nullable, nodes, (arrived) => complete(run, arrived, frame, key));
      if (value instanceof Error) return run.fail(value, frame, key, nullable, nodes);
    }
    try {
      found(run, value, frame, key);
    } catch (error) {
      run.fail(error, frame, key, nullable, nodes);
    }
  };
  return complete;
}

/** Completes what is neither null nor still to come; may throw. */
function foundOf(type: GraphQLOutputType, site: Site, nullable: boolean): Complete {
  if (isLeafType(type)) {
    const serialize = serializeOf(type);
    return (_run, value, frame, key) => { frame.into[key] = serialize(value); };
  }
  if (isListType(type)) return listOf(completeOf(type.ofType as GraphQLOutputType, site, true), site, nullable);
  const below = new Map<GraphQLObjectType, Fill>();
  const sets = site.nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
  const fill = (run: Run, value: unknown, objectType: GraphQLObjectType, frame: Frame, key: string | number): void => {
    let known = below.get(objectType);
    if (known === undefined) below.set(objectType, (known = fillOf(site.compiled, objectType, sets)));
    const object = {};
    // In its place before it is filled, so that what is below can take it out again.
    frame.into[key] = object;
    known(run, value, new Frame(object, frame, key, nullable));
  };
  const checked = (run: Run, value: unknown, objectType: GraphQLObjectType, frame: Frame, key: string | number): void => {
    const is = objectType.isTypeOf?.(value, run.contextValue, new Info(run, site, frame, String(key)) as unknown as GraphQLResolveInfo) ?? true;
    const go = (yes: unknown): void => {
      if (yes !== true) throw new GraphQLError(`Expected value of type "${objectType.name}" but got another one.`, { nodes: site.nodes });
      fill(run, value, objectType, frame, key);
    };
    if (typeof is === 'object') run.wait(is, frame, key, nullable, site.nodes, go);
    else go(is);
  };
  if (isObjectType(type)) return type.isTypeOf === undefined || type.isTypeOf === null ? (run, value, frame, key) => fill(run, value, type, frame, key) : (run, value, frame, key) => checked(run, value, type, frame, key);
  return (run, value, frame, key) => {
    const abstract = type as GraphQLAbstractType;
    const name = (abstract.resolveType ?? defaultTypeResolver)(value, run.contextValue, new Info(run, site, frame, String(key)) as unknown as GraphQLResolveInfo, abstract);
    const go = (found: unknown): void => checked(run, value, runtimeType(found, abstract, site), frame, key);
    if (typeof name === 'object' && name !== null && 'then' in name) run.wait(name, frame, key, nullable, site.nodes, go);
    else go(name);
  };
}

function listOf(complete: Complete, { parentType, definition }: Site, nullable: boolean): Complete {
  return (run, value, frame, key) => {
    if (typeof value !== 'object' || typeof (value as Iterable<unknown>)[Symbol.iterator] !== 'function') {
      throw new GraphQLError(`Expected Iterable, but did not find one for field "${parentType.name}.${definition.name}".`);
    }
    const items = Array.isArray(value) ? (value as unknown[]) : [...(value as Iterable<unknown>)];
    const list: unknown[] = [];
    frame.into[key] = list;
    const own = new Frame(list as never, frame, key, nullable);
    for (let n = 0; n < items.length && !own.dead; n += 1) complete(run, items[n], own, n);
  };
}

function runtimeType(name: unknown, type: GraphQLAbstractType, { compiled: { schema }, parentType, definition }: Site): GraphQLObjectType {
  const found = typeof name === 'string' ? schema.getType(name) : undefined;
  if (!isObjectType(found) || !schema.isSubType(type, found)) {
    throw new GraphQLError(`Abstract type "${type.name}" must resolve to one of its object types at runtime for field "${parentType.name}.${definition.name}".`);
  }
  return found;
}

const LARGEST_INT = 2 ** 31;

/** The type's own serializer, spared where the value is right already. */
function serializeOf(type: GraphQLLeafType): (value: unknown) => unknown {
  const careful = (value: unknown): unknown => {
    const text: unknown = type.serialize(value);
    if (text === null || text === undefined) throw new Error(`Expected \`${type.name}.serialize\` to return a non-nullable value.`);
    return text;
  };
  switch (type.name) {
    case 'String': case 'ID': return (value) => (typeof value === 'string' ? value : careful(value));
    case 'Boolean': return (value) => (typeof value === 'boolean' ? value : careful(value));
    case 'Int': return (value) => (typeof value === 'number' && Number.isInteger(value) && value >= -LARGEST_INT && value < LARGEST_INT ? value : careful(value));
    default: return careful;
  }
}
