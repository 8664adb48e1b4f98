import { stackTop } from './stack-top.js';
import { scrub } from './scrub.js';
import { asCode, asToken } from './values.js';

/** What is left of an error in a log line. */
export interface ReducedError {
  readonly name: string;
  readonly code?: string | number;
  /** Only of errors whose text we wrote ourselves. */
  readonly message?: string;
  /** `packages/outbox/dist/relay.js:41:9`: where in our own code it began. */
  readonly stackTop?: string;
  readonly cause?: ReducedError;
}

const LONGEST_MESSAGE = 500;
// An error that is its own cause must end too.
const DEEPEST_CAUSE = 3;

/**
 * Keeps of a thrown value what cannot hold personal data.
 *
 * Messages of foreign errors are dropped: PostgreSQL, HTTP clients and parsers quote what they choked on.
 * A message stays when the error has an own property `safeMessage: true`, or is one of ours (a text `code`
 * and `messages`); e-mails and digits in it are masked all the same. Never throws.
 */
export function reduceError(thrown: unknown, depth = 0): ReducedError {
  try {
    return typeof thrown === 'object' && thrown !== null
      ? reduceObject(thrown as Readonly<Record<string, unknown>>, depth)
      : { name: `thrown ${typeof thrown}` };
  } catch {
    return { name: 'unreadable error' };
  }
}

function reduceObject(thrown: Readonly<Record<string, unknown>>, depth: number): ReducedError {
  const { code, message, name, stack, cause } = thrown;
  const top = typeof stack === 'string' ? stackTop(stack, message) : undefined;
  return {
    name: typeof name === 'string' ? asToken(name) : 'thrown object',
    ...(typeof code === 'string' || typeof code === 'number' ? { code: asCode(code) } : {}),
    ...(typeof message === 'string' && isOurText(thrown) ? { message: scrub(message, LONGEST_MESSAGE) } : {}),
    ...(top === undefined ? {} : { stackTop: top }),
    ...(cause === undefined || depth === DEEPEST_CAUSE ? {} : { cause: reduceError(cause, depth + 1) }),
  };
}

function isOurText(thrown: Readonly<Record<string, unknown>>): boolean {
  if (Object.hasOwn(thrown, 'safeMessage') && thrown['safeMessage'] === true) return true;
  const { code, messages } = thrown;
  return typeof code === 'string' && typeof messages === 'object' && messages !== null;
}
