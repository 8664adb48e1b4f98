import type { GraphQLError } from 'graphql';

/** An answer: `data` as JSON text, and errors as they came, to be put into words for the one who asked. */
export interface Answer {
  /** undefined when nothing was run. */
  readonly data: string | undefined;
  readonly errors: readonly GraphQLError[];
  /** How many milliseconds from now it holds, unless something is changed; for ever without it. */
  readonly holdsMs?: number;
  /** The parts that come later; whoever leaves before the end calls `return()`. */
  readonly later?: (AsyncIterableIterator<readonly Part[]> & { /** Whether more follow those given out. */ readonly more: boolean }) | undefined;
}

/** A deferred part: `data` as JSON text. */
export interface Part {
  readonly label: string | undefined;
  readonly path: readonly (string | number)[];
  readonly data: string;
  readonly errors: readonly GraphQLError[];
}
