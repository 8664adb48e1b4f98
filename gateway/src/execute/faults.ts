import { GraphQLError } from 'graphql';
import { refusal } from '../errors.js';
import { OWN, slotName } from './positions.js';
import type { Data } from './representation.js';

/** An error of a subgraph, at the place in the data where its null is. */
export interface LocatedError {
  readonly error: GraphQLError;
  /** The rest of its path, below that place. */
  readonly rest: readonly (string | number)[];
}

/** What went wrong while one operation ran, kept beside the data until the answer is written. */
export class Faults {
  readonly #located = new Map<object, Map<string | number, LocatedError[]>>();
  readonly #failures = new Map<number, readonly LocatedError[]>();

  /** Errors that belong to no null: whoever writes the answer tells them at the end, unless a null has told them. */
  readonly #homeless = new Set<GraphQLError>();

  /** Off as long as nothing went wrong; then the answer needs no second look. */
  any = false;

  /** Notes an error of an answer; its path starts in `holder` with `key`. */
  locate(holder: object, key: string | number, error: GraphQLError, rest: readonly (string | number)[]): void {
    let [place, name, below] = [holder as Data, key, rest];
    for (;;) {
      const value: unknown = place[name];
      const [next] = below;
      if (value === null || typeof value !== 'object' || next === undefined) break;
      [place, name, below] = [value as Data, next, below.slice(1)];
    }
    this.#add(place, name, { error, rest: below });
    if (place[name] !== null || !Object.hasOwn(place, name)) this.#homeless.add(error);
  }

  /** Notes an error that may belong to no null. */
  unplaced(error: GraphQLError): void {
    this.any = true;
    this.#homeless.add(error);
  }

  /** An error has been told at a null. */
  told(error: GraphQLError): void {
    this.#homeless.delete(error);
  }

  /** Gives the errors that nothing has told so far, each once. */
  takeHomeless(): readonly GraphQLError[] {
    const errors = [...this.#homeless];
    this.#homeless.clear();
    return errors;
  }

  /** Notes why a fetch could not be made for one object. */
  block(object: object, fetch: number, errors: readonly LocatedError[]): void {
    for (const error of errors) this.#add(object, slotName(fetch), error);
  }

  /** Notes that a fetch brought nothing at all. */
  fail(fetch: number, error: GraphQLError): void {
    this.any = true;
    this.#failures.set(fetch, [{ error, rest: [] }]);
  }

  /** Why a value is not there: an error at its place, or at the whole of what should have brought it. */
  reasons(object: Data, slot: number, key: string): readonly LocatedError[] {
    if (slot === OWN) return this.at(object, key);
    const holder = object[slotName(slot)] as Data | null | undefined;
    if (holder !== null && holder !== undefined) return this.at(holder, key);
    const blocked = this.at(object, slotName(slot));
    return blocked.length > 0 ? blocked : (this.#failures.get(slot) ?? NONE);
  }

  /** Takes the errors of a place along when its value moves to another object. */
  move(from: object, to: object, key: string | number): void {
    for (const error of this.at(from, key)) this.#add(to, key, error);
  }

  at(holder: object, key: string | number): readonly LocatedError[] {
    return this.#located.get(holder)?.get(key) ?? NONE;
  }

  #add(holder: object, key: string | number, error: LocatedError): void {
    this.any = true;
    let keys = this.#located.get(holder);
    if (keys === undefined) this.#located.set(holder, (keys = new Map()));
    const errors = keys.get(key);
    if (errors === undefined) keys.set(key, [error]);
    else errors.push(error);
  }
}

const NONE: readonly LocatedError[] = [];

/** The error of what could not be had; where it is missing is added when the answer is written. */
export function unavailable(cause: unknown, subgraph?: string): GraphQLError {
  const { message, extensions } = refusal('DATA_UNAVAILABLE');
  return new GraphQLError(message, { originalError: cause as Error, extensions: { ...extensions, ...(subgraph === undefined ? {} : { serviceName: subgraph }) } });
}

/** Marks an error as a subgraph's: how it is told depends on it. */
export function fromSubgraph(error: GraphQLError, serviceName: string): GraphQLError {
  const { message, originalError, extensions } = error;
  const cause = originalError ?? (error instanceof Error ? error : undefined);
  return new GraphQLError(typeof message === 'string' ? message : 'an error without a message', { originalError: cause, extensions: { ...extensions, serviceName } });
}
