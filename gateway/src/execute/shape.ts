import {
  getNamedType, isAbstractType, isCompositeType, isInterfaceType, isObjectType, Kind, SchemaMetaFieldDef, TypeMetaFieldDef, TypeNameMetaFieldDef, type FieldNode, type GraphQLCompositeType,
  type GraphQLField, type GraphQLObjectType, type GraphQLOutputType, type GraphQLSchema, type InlineFragmentNode, type SelectionSetNode,
} from 'graphql';
import type { CanonicalDocument, Deferral } from '../plan/canonical-document.js';
import { OWN, type Position } from './positions.js';

/** A field of the client's answer. */
export interface ShapeField {
  readonly responseName: string;
  /** `Product.price`, for errors. */
  readonly coordinate: string;
  readonly type: GraphQLOutputType;
  /** Where its value is: in the object or in a fetch's slot, under this name. */
  readonly slot: number;
  readonly key: string;
  /** The fetches that bring it, to blame when it is missing. */
  readonly providers: readonly number[];
  readonly below: Shape | undefined;
  /** The field as written, for introspection. */
  readonly node: FieldNode;
}

/** A part of the answer that comes later. */
export interface DeferredShape { readonly deferral: Deferral; readonly shape: Shape }

/** The fields of an object of one type, in the order of the client's document, with what is deferred. */
export interface ObjectShape {
  readonly type: string;
  /** Off for an object that is known by its interface only; the plan finds its type out where it matters. */
  readonly concrete: boolean;
  readonly fields: readonly ShapeField[];
  readonly deferred: readonly DeferredShape[];
}

const META_FIELDS: Readonly<Record<string, GraphQLField<unknown, unknown>>> = { __typename: TypeNameMetaFieldDef, __schema: SchemaMetaFieldDef, __type: TypeMetaFieldDef };

/** What is known when an operation is shaped for one choice of conditions. */
export interface ShapeOptions {
  readonly schema: GraphQLSchema;
  readonly canonical: Pick<CanonicalDocument, 'fragments' | 'keyOf' | 'deferralOf'>;
  readonly condition: (variable: string) => boolean;
  readonly known: Map<string, Shape>;
  readonly numbers: Map<object, number>;
}

/** Gives the shape of the objects at one place; the same one for the same question, else types within types would multiply. */
export function shapeOf(type: GraphQLCompositeType, position: Position | undefined, sets: readonly SelectionSetNode[], options: ShapeOptions): Shape {
  const name = [type.name, numberOf(position ?? NOWHERE, options.numbers), ...sets.map((set) => numberOf(set, options.numbers))].join();
  let shape = options.known.get(name);
  if (shape === undefined) options.known.set(name, (shape = new Shape(type, position, sets, options)));
  return shape;
}

const NOWHERE = {};

function numberOf(thing: object, numbers: Map<object, number>): number {
  const number = numbers.get(thing) ?? numbers.size;
  numbers.set(thing, number);
  return number;
}

/** What the client wants of the objects at one place, type by type. */
export class Shape {
  readonly #byType = new Map<string, ObjectShape>();

  constructor(
    readonly type: GraphQLCompositeType, readonly position: Position | undefined, private readonly sets: readonly SelectionSetNode[], private readonly options: ShapeOptions,
  ) {}

  /** The types that objects here can have. */
  get possibleTypes(): readonly string[] {
    return isAbstractType(this.type) ? this.options.schema.getPossibleTypes(this.type).map(({ name }) => name) : [this.type.name];
  }

  /** The same with the interfaces by which alone an object may be known, where a subgraph has it as an `@interfaceObject`. */
  get names(): readonly string[] {
    const { type, possibleTypes } = this;
    return isInterfaceType(type) ? [...possibleTypes, type.name, ...this.options.schema.getImplementations(type).interfaces.map(({ name }) => name)] : possibleTypes;
  }

  /** The type of an object that was not asked for its own, because its subgraph knows only the interface. */
  get assumedType(): string | undefined {
    const [only, ...others] = this.names;
    if (others.length === 0) return only;
    return isInterfaceType(this.type) && this.position?.providers('__typename').length === 0 ? this.type.name : undefined;
  }

  /** The shape of an object; undefined for a type that cannot stand here. */
  of(type: string): ObjectShape | undefined {
    const known = this.#byType.get(type);
    if (known !== undefined) return known;
    if (!this.names.includes(type)) return undefined;
    const shape = this.#collect(type);
    this.#byType.set(type, shape);
    return shape;
  }

  #collect(type: string): ObjectShape {
    const nodes = new Map<string, FieldNode[]>();
    const deferred: { readonly deferral: Deferral; readonly set: SelectionSetNode }[] = [];
    for (const set of this.sets) this.#collectSet(set, type, nodes, deferred);
    const fields = [...nodes].flatMap(([responseName, same]) => this.#field(type, responseName, same) ?? []);
    return { type, concrete: isObjectType(this.options.schema.getType(type)), fields, deferred: deferred.map(({ deferral, set }) => ({ deferral, shape: shapeOf(this.type, this.position, [set], this.options) })) };
  }

  /** CollectFields of the specification, with conditions already decided. */
  #collectSet(set: SelectionSetNode, type: string, nodes: Map<string, FieldNode[]>, deferred: { deferral: Deferral; set: SelectionSetNode }[]): void {
    for (const selection of set.selections) {
      if (!included(selection.directives, this.options.condition)) continue;
      if (selection.kind === Kind.FIELD) {
        const name = selection.alias?.value ?? selection.name.value;
        const same = nodes.get(name);
        if (same === undefined) nodes.set(name, [selection]);
        else same.push(selection);
        continue;
      }
      const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : this.options.canonical.fragments.get(selection.name.value);
      if (fragment === undefined || !this.#applies(fragment.typeCondition?.name.value, type)) continue;
      const deferral = selection.kind === Kind.INLINE_FRAGMENT ? this.#activeDeferral(selection) : undefined;
      if (deferral === undefined) this.#collectSet(fragment.selectionSet, type, nodes, deferred);
      else deferred.push({ deferral, set: fragment.selectionSet });
    }
  }

  #activeDeferral(fragment: InlineFragmentNode): Deferral | undefined {
    const deferral = this.options.canonical.deferralOf(fragment);
    return deferral === undefined || (deferral.condition !== true && !this.options.condition(deferral.condition)) ? undefined : deferral;
  }

  #applies(condition: string | undefined, type: string): boolean {
    if (condition === undefined || condition === type) return true;
    const { schema } = this.options;
    const [abstract, object] = [schema.getType(condition), schema.getType(type)];
    return isAbstractType(abstract) && object !== undefined && schema.isSubType(abstract, object as never);
  }

  #field(parent: string, responseName: string, same: readonly FieldNode[]): ShapeField | undefined {
    const node = same[0] as FieldNode;
    const name = node.name.value;
    const { schema } = this.options;
    const definition = META_FIELDS[name] ?? (schema.getType(parent) as GraphQLObjectType).getFields()[name];
    if (definition === undefined) return undefined;
    const key = this.options.canonical.keyOf(node);
    const named = getNamedType(definition.type);
    const below = isCompositeType(named) && !name.startsWith('__')
      ? shapeOf(named, this.position?.below(key), same.flatMap(({ selectionSet }) => selectionSet ?? []), this.options)
      : undefined;
    return {
      responseName, coordinate: `${parent}.${name}`, type: definition.type, key, below, node,
      slot: this.position?.slotOf(key) ?? OWN, providers: this.position?.providers(key) ?? [],
    };
  }
}

function included(directives: FieldNode['directives'], condition: (variable: string) => boolean): boolean {
  for (const { name, arguments: given } of directives ?? []) {
    if (name.value !== 'skip' && name.value !== 'include') continue;
    const value = given?.find((argument) => argument.name.value === 'if')?.value;
    const holds = value?.kind === Kind.BOOLEAN ? value.value : value?.kind === Kind.VARIABLE && condition(value.name.value);
    if (holds === (name.value === 'skip')) return false;
  }
  return true;
}
