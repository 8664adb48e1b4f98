import type { QueryPlanSelectionNode } from '@apollo/query-planner';
import { isAbstractType, isInterfaceType, isObjectType, type GraphQLSchema } from 'graphql';
import type { EntityKeys } from '../plan/entity-keys.js';
import type { DistinctSupergraph } from '../plan/required-arguments.js';
import type { Fetch } from './fetches.js';
import { OWN, slotName, type Position } from './positions.js';

/** Objects of subgraphs' answers. */
export type Data = Record<string, unknown>;

/** One field of a representation: its name there, and where the object has its value. */
export interface RepresentedField {
  readonly name: string;
  readonly key: string;
  readonly slot: number;
  /** For composite fields: makes the value; undefined when something in it is missing. */
  readonly build: ((value: unknown) => unknown) | undefined;
}

/** How entities of one type are represented to a subgraph. */
export interface RepresentedType {
  readonly type: string;
  /** What the subgraph is told, which may be an interface. */
  readonly typename: string;
  readonly fields: readonly RepresentedField[];
  /** Indexes of the fields of each key; a representation with no whole key is not sent. */
  readonly keys: readonly (readonly number[])[];
}

/** What has to be known of the graph to represent its entities. */
export interface RepresentationOptions {
  readonly schema: GraphQLSchema;
  readonly keys: EntityKeys;
  readonly required: DistinctSupergraph['required'];
}

type FieldNode = Extract<QueryPlanSelectionNode, { kind: 'Field' }>;

/** Tells, for every type that a fetch can meet, how to represent it. */
export function representedTypes(fetch: Fetch, position: Position, options: RepresentationOptions): RepresentedType[] {
  const types = new Set((fetch.requires ?? []).flatMap((node) => (node.kind === 'InlineFragment' && node.typeCondition !== undefined ? typesBelow(options.schema, node.typeCondition) : [])));
  return [...types].map((type) => {
    const typename = typenameToTell(fetch, type, options.schema);
    const fields = fieldsOf(fetch.requires ?? [], type, position, options);
    const names = fields.map(({ name }) => name);
    const keys = options.keys(fetch.subgraph, typename)
      .filter((key) => key.every((name) => names.includes(name)))
      .map((key) => key.map((name) => names.indexOf(name)));
    return { type, typename, fields, keys };
  });
}

/** A type and everything that counts as it: an object may be known by its interface only. */
function typesBelow(schema: GraphQLSchema, name: string): string[] {
  const type = schema.getType(name);
  if (!isAbstractType(type)) return [name];
  const interfaces = isInterfaceType(type) ? schema.getImplementations(type).interfaces : [];
  return [name, ...[...schema.getPossibleTypes(type), ...interfaces].map((below) => below.name)];
}

const appliesTo = (schema: GraphQLSchema, condition: string | undefined, type: string): boolean => condition === undefined || typesBelow(schema, condition).includes(type);

function typenameToTell({ inputRewrites }: Fetch, type: string, schema: GraphQLSchema): string {
  for (const rewrite of inputRewrites) {
    const [condition = '', field] = rewrite.path;
    if (rewrite.kind !== 'ValueSetter' || field !== '__typename' || rewrite.path.length !== 2) throw new Error('an input rewrite of the plan is of an unknown form');
    if (appliesTo(schema, condition.replace(/^\.\.\. on /, ''), type)) return String(rewrite.setValueTo);
  }
  return type;
}

function fieldsOf(nodes: readonly QueryPlanSelectionNode[], type: string, position: Position, options: RepresentationOptions): RepresentedField[] {
  const byKey = new Map<string, FieldNode[]>();
  const collect = (selections: readonly QueryPlanSelectionNode[]): void => {
    for (const node of selections) {
      if (node.kind === 'InlineFragment') {
        if (appliesTo(options.schema, node.typeCondition, type)) collect(node.selections);
        continue;
      }
      const key = node.alias ?? node.name;
      if (key !== '__typename') byKey.set(key, [...(byKey.get(key) ?? []), node]);
    }
  };
  collect(nodes);
  return [...byKey].map(([key, same]) => {
    const below = same.flatMap((node) => node.selections ?? []);
    const place = position.below(key);
    const name = (same[0] as FieldNode).name;
    return {
      name: options.required.get(name)?.call.name.value ?? name,
      key,
      slot: position.slotOf(key),
      build: below.length === 0 || place === undefined ? undefined : (value) => buildBelow(value, below, place, options),
    };
  });
}

/** Builds what a representation holds below a field; undefined when a part is missing. */
function buildBelow(value: unknown, nodes: readonly QueryPlanSelectionNode[], position: Position, options: RepresentationOptions): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) {
    const items = value.map((item) => buildBelow(item, nodes, position, options));
    return items.includes(undefined) ? undefined : items;
  }
  const data = value as Data;
  const built: Data = {};
  const type = data['__typename'];
  const add = (selections: readonly QueryPlanSelectionNode[]): boolean => selections.every((node) => {
    if (node.kind === 'InlineFragment') {
      return typeof type === 'string' && !appliesTo(options.schema, node.typeCondition, type) ? true : add(node.selections);
    }
    const key = node.alias ?? node.name;
    if (key === '__typename' && type === undefined) return true;
    const found = readFrom(data, position.slotOf(key), key);
    const below = position.below(key);
    const whole = node.selections === undefined || below === undefined ? found : buildBelow(found, node.selections, below, options);
    if (whole === undefined) return false;
    built[options.required.get(node.name)?.call.name.value ?? node.name] = whole;
    return true;
  });
  return add(nodes) ? built : undefined;
}

function readFrom(data: Data, slot: number, key: string): unknown {
  const holder = slot === OWN ? data : (data[slotName(slot)] as Data | null | undefined);
  return holder?.[key];
}

/** Whether a name is that of an object type, which says more than an interface does. */
export const isConcrete = (schema: GraphQLSchema, name: unknown): boolean => typeof name === 'string' && isObjectType(schema.getType(name));
