import { AccessError, type Viewer } from '@quanyu/viewer';
import { GraphQLError, isNonNullType, Kind, print, type DocumentNode, type FieldNode, type FragmentDefinitionNode } from 'graphql';
import { BoundedMap } from '../bounded-map.js';
import type { Answer } from '../execute/answer.js';
import { fragmentsOf, type Operation } from '../plan/operation.js';
import type { Supergraph } from '../supergraph.js';
import { fieldRights, withoutFields, type FieldRights } from './filter-document.js';
import { meets, nameOf, type Requirement } from './requirement.js';
import { restoreNulls, type Withheld } from './restore-nulls.js';
import { RightsModel } from './rights-model.js';

/** What a viewer may run of an operation. */
export type Authorised =
  /** All of it, or the rest of it; `restore` gives the answer the shape that was asked for. */
  | { readonly kind: 'allowed'; readonly operation: Operation; readonly restore: (answer: Answer) => Answer }
  /** Nothing: what may not be told may not be null either. */
  | { readonly kind: 'refused'; readonly errors: readonly GraphQLError[] };

interface Reading {
  readonly rights: FieldRights;
  readonly asked: ReadonlyMap<string, Requirement>;
  /** By operation name and what the viewer lacks. */
  readonly filtered: BoundedMap<string, Filtered>;
}
interface Filtered { readonly source: string; readonly document: DocumentNode; readonly withheld: Withheld; readonly refused: readonly GraphQLError[] }

const REMEMBERED_VARIANTS = 32;
const readings = new WeakMap<Supergraph, { readonly model: RightsModel; readonly documents: WeakMap<DocumentNode, Reading> }>();
const unchanged = (answer: Answer): Answer => answer;

/**
 * Takes out of an operation what its viewer may not see, before anything is planned or fetched. Works on documents, so
 * it holds for aliases, fragments, abstract types and deferred parts alike, and for every event of a subscription.
 */
export function authorise(supergraph: Supergraph, operation: Operation, viewer: Viewer): Authorised {
  const reading = readingOf(supergraph, operation.document);
  const lacks = [...reading.asked].filter(([, requirement]) => !meets(viewer, requirement)).map(([name]) => name);
  if (lacks.length === 0) return { kind: 'allowed', operation, restore: unchanged };

  const key = [viewer.kind === 'anonymous', operation.operationName ?? '', ...lacks].join('\n');
  let filtered = reading.filtered.get(key);
  if (filtered === undefined) reading.filtered.set(key, (filtered = filter(supergraph, operation, viewer, reading.rights, new Set(lacks))));
  const { source, document, withheld, refused } = filtered;
  if (refused.length > 0) return { kind: 'refused', errors: refused };
  // Another operation of the document may be the one that asks.
  if (withheld.removed.size === 0) return { kind: 'allowed', operation, restore: unchanged };
  const definition = document.definitions.find((candidate) => candidate.kind === Kind.OPERATION_DEFINITION && candidate.name?.value === operation.definition.name?.value);
  return {
    kind: 'allowed',
    operation: { ...operation, source, document, definition: definition as Operation['definition'] },
    restore: (answer) => {
      const values = answer.data === undefined ? null : JSON.parse(answer.data) as Record<string, unknown> | null;
      if (values === null) return answer;
      const { data, errors } = restoreNulls(withheld, values, operation.variables);
      return { ...answer, data: JSON.stringify(data), errors: [...answer.errors, ...errors] };
    },
  };
}

function readingOf(supergraph: Supergraph, document: DocumentNode): Reading {
  let known = readings.get(supergraph);
  if (known === undefined) readings.set(supergraph, (known = { model: new RightsModel(supergraph.sdl), documents: new WeakMap() }));
  const { model, documents } = known;
  let reading = documents.get(document);
  if (reading === undefined) {
    const rights = fieldRights(supergraph.apiSchema, document, (type, field) => model.of(type, field));
    const asked = new Map([...rights.values()].flat().map((requirement) => [nameOf(requirement), requirement]));
    documents.set(document, (reading = { rights, asked, filtered: new BoundedMap(REMEMBERED_VARIANTS) }));
  }
  return reading;
}

function filter(supergraph: Supergraph, operation: Operation, viewer: Viewer, rights: FieldRights, lacks: ReadonlySet<string>): Filtered {
  const fragments = fragmentsOf(operation.document);
  const reachable = fieldsOf(operation, fragments);
  const removed = new Set([...rights].filter(([node, asked]) => reachable.has(node) && asked.some((requirement) => lacks.has(nameOf(requirement)))).map(([node]) => node));
  const errorOf: Withheld['errorOf'] = (node, path) => {
    const missing = (rights.get(node) ?? []).find((requirement) => lacks.has(nameOf(requirement)));
    const { code, messages } = new AccessError(viewer.kind === 'anonymous' ? 'UNAUTHENTICATED' : 'FORBIDDEN');
    const scope = missing?.kind === 'scopes' ? { scopes: missing.anyOf.map((all) => all.join(' ')).join(' | ') } : {};
    return new GraphQLError(messages.en, { nodes: [node], path, extensions: { code, messages, ...scope } });
  };
  const root = supergraph.apiSchema.getRootType(operation.definition.operation);
  // A mutation or a subscription runs whole or not at all.
  const whole = operation.definition.operation !== 'query';
  const refused = rootFields(operation, fragments)
    .filter((node) => removed.has(node) && (whole || isNonNullType(root?.getFields()[node.name.value]?.type)))
    .map((node) => errorOf(node, [(node.alias ?? node.name).value]));
  const document = removed.size === 0 ? operation.document : withoutFields(operation.document, removed);
  return { document, source: print(document), refused, withheld: { schema: supergraph.apiSchema, definition: operation.definition, fragments, removed, errorOf } };
}

type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

/** The fields that an operation of a document can reach; others of it concern other operations. */
function fieldsOf({ definition }: Operation, fragments: Fragments): ReadonlySet<FieldNode> {
  const found = new Set<FieldNode>();
  const spread = new Set<string>();
  const walk = ({ selections }: FragmentDefinitionNode['selectionSet']): void => {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) found.add(selection);
      if (selection.kind !== Kind.FRAGMENT_SPREAD) {
        if (selection.selectionSet !== undefined) walk(selection.selectionSet);
        continue;
      }
      const fragment = fragments.get(selection.name.value);
      if (fragment === undefined || spread.has(fragment.name.value)) continue;
      spread.add(fragment.name.value);
      walk(fragment.selectionSet);
    }
  };
  walk(definition.selectionSet);
  return found;
}

function rootFields({ definition }: Operation, fragments: Fragments): FieldNode[] {
  const fields = ({ selections }: FragmentDefinitionNode['selectionSet']): FieldNode[] => selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [selection];
    const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? fragments.get(selection.name.value) : selection;
    return fragment === undefined ? [] : fields(fragment.selectionSet);
  });
  return fields(definition.selectionSet);
}
