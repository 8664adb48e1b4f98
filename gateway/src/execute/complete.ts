import { GraphQLError, isLeafType, isListType, isNonNullType, type GraphQLLeafType, type GraphQLOutputType } from 'graphql';
import type { Deferral } from '../plan/canonical-document.js';
import type { Faults, LocatedError } from './faults.js';
import { leafOf } from './leaf.js';
import { OWN, slotName } from './positions.js';
import type { Data } from './representation.js';
import type { ObjectShape, Shape, ShapeField } from './shape.js';

type Path = readonly (string | number)[];

/** A deferred part at one place in the answer. */
export interface Deferred { readonly deferral: Deferral; readonly shape: Shape; readonly object: Data; readonly type: string; readonly path: Path }

/** A completed object with its errors, and what of it comes later. */
export interface Completed { readonly data: Data | null; readonly errors: readonly GraphQLError[]; readonly deferred: readonly Deferred[] }

/** Stands for a null where none may be: the object or list around it becomes null in its place. */
const RISES = Symbol('a null that rises');

const MOST_ERRORS = 500;

/**
 * Writes an answer with all its care: null where the specification wants it, with the error that tells why and
 * the path by the client's own names. The fast way (`compile-writer.ts`) gives up when anything is amiss, and then this one
 * says what.
 */
export class Completion {
  readonly #errors: GraphQLError[] = [];
  readonly #deferred: Deferred[] = [];
  readonly #told = new Set<string>();
  /** Also counts errors that were told before, at another place. */
  #count = 0;

  constructor(private readonly faults: Faults, private readonly introspected: Data) {}

  complete(shape: Shape, object: Data, type: string, path: Path = []): Completed {
    const fields = shape.of(type);
    const data = fields === undefined ? null : this.#object(fields, object, path);
    // A subgraph may say that something is wrong and give data all the same: that is for the client to know.
    for (const { message, originalError, extensions } of this.faults.takeHomeless()) this.#push(new GraphQLError(message, { originalError, extensions }));
    return { data: data === RISES ? null : data, errors: this.#errors, deferred: this.#deferred };
  }

  #object(shape: ObjectShape, object: Data, path: Path): Data | typeof RISES {
    const data: Data = Object.create(null) as Data;
    const mark = this.#deferred.length;
    for (const field of shape.fields) {
      const value = this.#field(shape, field, object, [...path, field.responseName]);
      if (value === RISES) {
        this.#deferred.length = mark;
        return RISES;
      }
      data[field.responseName] = value;
    }
    for (const { deferral, shape: below } of shape.deferred) this.#deferred.push({ deferral, shape: below, object, type: shape.type, path });
    return data;
  }

  #field(shape: ObjectShape, field: ShapeField, object: Data, path: Path): unknown {
    if (field.key === '__typename') return shape.concrete ? shape.type : this.#invalid(field, path) ?? RISES;
    if (field.key.startsWith('__')) return this.introspected[field.responseName];
    // A plan without it would be wrong, and null a guess.
    if (field.providers.length === 0) return this.#value(field.type, this.#invalid(field, path), field, object, field.key, path, this.#count - 1);
    const holder = field.slot === OWN ? object : (object[slotName(field.slot)] as Data | null | undefined);
    const value = holder?.[field.key];
    const count = this.#count;
    if (value === null || value === undefined) this.#tell(this.#reasons(field, object), shape, field, holder, path);
    return this.#value(field.type, value ?? null, field, holder ?? object, field.key, path, count);
  }

  #reasons(field: ShapeField, object: Data): readonly LocatedError[] {
    const reasons = this.faults.reasons(object, field.slot, field.key);
    if (reasons.length > 0 || field.slot !== OWN) return reasons;
    return field.providers.flatMap((provider) => this.faults.reasons(object, provider, field.key));
  }

  /** `count`: the errors before those of this value. */
  #value(type: GraphQLOutputType, value: unknown, field: ShapeField, holder: object, key: string | number, path: Path, count: number): unknown {
    if (isNonNullType(type)) {
      const completed = this.#value(type.ofType, value, field, holder, key, path, count);
      if (completed !== null) return completed;
      if (this.#count === count) this.#push(new GraphQLError(`Cannot return null for non-nullable field ${field.coordinate}.`, { path }));
      return RISES;
    }
    if (value === null) return null;
    if (isListType(type)) return this.#list(type.ofType, value, field, path);
    if (isLeafType(type)) return this.#leaf(type, value, field, path);
    if (typeof value !== 'object' || Array.isArray(value) || field.below === undefined) return this.#invalid(field, path);
    const shape = field.below.of(field.below.assumedType ?? String((value as Data)['__typename']));
    if (shape === undefined) return this.#invalid(field, path);
    const completed = this.#object(shape, value as Data, path);
    return completed === RISES ? null : completed;
  }

  #list(type: GraphQLOutputType, value: unknown, field: ShapeField, path: Path): unknown {
    if (!Array.isArray(value)) return this.#invalid(field, path);
    const mark = this.#deferred.length;
    const items: unknown[] = [];
    for (let index = 0; index < value.length; index += 1) {
      const at = [...path, index];
      const count = this.#count;
      const item: unknown = value[index] ?? null;
      if (item === null) {
        for (const { error, rest } of this.faults.at(value, index)) {
          this.faults.told(error);
          this.#push(withPath(error, [...at, ...clientNames(field.below, rest)]));
        }
      }
      const completed = this.#value(type, item, field, value, index, at, count);
      if (completed === RISES) {
        this.#deferred.length = mark;
        return null;
      }
      items.push(completed);
    }
    return items;
  }

  #leaf(type: GraphQLLeafType, value: unknown, field: ShapeField, path: Path): unknown {
    const completed = leafOf(type, value);
    return completed === undefined ? this.#invalid(field, path) : completed;
  }

  #invalid(field: ShapeField, path: Path): null {
    this.#push(new GraphQLError(`A subgraph gave an impossible value for ${field.coordinate}.`, { path }));
    return null;
  }

  /** Tells errors at a null, by the client's path. */
  #tell(reasons: readonly LocatedError[], shape: ObjectShape, field: ShapeField, holder: Data | null | undefined, path: Path): void {
    const whole = holder === null || holder === undefined;
    for (const { error, rest } of reasons) {
      this.faults.told(error);
      const [first, ...below] = rest;
      // The whole entity is null because of one of its fields: the error is that field's, if the client asked for it.
      const cause = whole && first !== undefined && first !== field.key ? shape.fields.find(({ key, slot }) => key === first && slot === field.slot) : undefined;
      if (cause !== undefined) {
        // Told where its own turn comes, unless null rises from here before that.
        if (isNonNullType(field.type)) this.#push(withPath(error, [...path.slice(0, -1), cause.responseName, ...clientNames(cause.below, below)]));
        else this.#count += 1;
        continue;
      }
      const names = whole ? (first === field.key ? below : []) : rest;
      if (error.extensions['code'] === 'DATA_UNAVAILABLE') this.#tellMissing(error, field, path);
      else this.#push(withPath(error, [...path, ...clientNames(field.below, names)]));
    }
  }

  /** Once for each field, however many objects lack it. */
  #tellMissing(error: GraphQLError, field: ShapeField, path: Path): void {
    if (this.#told.has(field.coordinate)) {
      this.#count += 1;
      return;
    }
    this.#told.add(field.coordinate);
    const { message, originalError, extensions } = error;
    this.#push(new GraphQLError(message, { path, originalError, extensions: { ...extensions, missing: field.coordinate, retryable: true } }));
  }

  #push(error: GraphQLError): void {
    this.#count += 1;
    if (this.#errors.length < MOST_ERRORS) this.#errors.push(error);
  }
}

function withPath({ message, originalError, extensions }: GraphQLError, path: Path): GraphQLError {
  return new GraphQLError(message, { path, originalError, extensions });
}

/** The rest of a subgraph's path in the client's names, as far as the client asked for it. */
function clientNames(shape: Shape | undefined, rest: Path): Path {
  const names: (string | number)[] = [];
  let below = shape;
  for (const part of rest) {
    if (typeof part === 'number') {
      names.push(part);
      continue;
    }
    const field = below?.possibleTypes.flatMap((type) => below?.of(type)?.fields ?? []).find(({ key }) => key === part);
    if (field === undefined) break;
    names.push(field.responseName);
    below = field.below;
  }
  return names;
}
