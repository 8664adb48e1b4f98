import type { z } from 'zod';

/** A synchronous command between subgraphs: few on purpose, and each idempotent by a key in its input. */
export interface CallDefinition<Name extends string, Input extends z.ZodType, Output extends z.ZodType> {
  /** `owner.verb-noun`. */
  readonly name: Name;
  readonly owner: string;
  /** Services that may ask it. */
  readonly callers: readonly string[];
  readonly input: Input;
  readonly output: Output;
}

/** Defines a call `owner.verb-noun`: who may ask it, and the shapes of its input and output. */
export function defineCall<const Name extends `${string}.${string}`, Input extends z.ZodType, Output extends z.ZodType>(
  name: Name, about: { readonly callers: readonly string[]; readonly input: Input; readonly output: Output },
): CallDefinition<Name, Input, Output> {
  return { name, owner: name.slice(0, name.indexOf('.')), ...about };
}
