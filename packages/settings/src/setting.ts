/** One setting: what it is for, how its text is read, and what holds where it is not given. */
export interface Setting<T> {
  /** A sentence or two for people, without the name of the variable. */
  readonly what: string;
  /** What a good value looks like; for people. */
  readonly form: string;
  /** Reads a text; answers a `Fault` where it cannot be one. */
  readonly read: (text: string) => T | Fault;
  /** Holds where the variable is not set or empty; without it the setting must be given. */
  readonly fallback?: { readonly value: T; readonly shown: string };
  /** Never quoted in a fault. */
  readonly secret?: boolean;
}

/** What is wrong with a text: the end of a sentence that begins with the variable's name. */
export class Fault {
  constructor(readonly reason: string) {}
}

/** What kinds of settings take beside their own. */
interface About<F> {
  readonly what: string;
  readonly fallback?: F;
  /** The fallback in words, where it does not speak for itself. */
  readonly shown?: string;
}

const withFallback = <T>(about: About<unknown>): Pick<Setting<T>, 'fallback'> =>
  ('fallback' in about ? { fallback: { value: about.fallback as T, shown: about.shown ?? (about.fallback === null ? 'none' : String(about.fallback)) } } : {});

interface Written { readonly form?: string; readonly secret?: boolean }

/** A text as it stands. */
export function text(about: About<null> & Written & { readonly fallback: null }): Setting<string | null>;
export function text(about: About<string> & Written): Setting<string>;
export function text(about: About<string | null> & Written): Setting<string | null> {
  return { what: about.what, form: about.form ?? 'text', secret: about.secret, read: (given) => given, ...withFallback<string | null>(about) };
}

/** A text that a reader of your own turns into a value. */
export function parsed<T>(about: About<null> & Written & { readonly fallback: null }, read: (given: string) => T | Fault): Setting<T | null>;
export function parsed<T>(about: About<T> & Written, read: (given: string) => T | Fault): Setting<T>;
export function parsed<T>(about: About<T | null> & Written, read: (given: string) => T | Fault): Setting<T | null> {
  return { what: about.what, form: about.form ?? 'text', secret: about.secret, read, ...withFallback<T | null>(about) };
}

/** One of a few words. */
export const oneOf = <const W extends string>(words: readonly W[], about: About<W>): Setting<W> => ({
  what: about.what, form: words.join(', '),
  read: (given) => (words.includes(given as W) ? given as W : new Fault(`must be one of ${words.join(', ')}`)), ...withFallback<W>(about),
});

/** A whole number within bounds. */
export const integer = (bounds: { readonly from: number; readonly to: number }, about: About<number>): Setting<number> => ({
  what: about.what, form: `${bounds.from} to ${bounds.to}`,
  read: (given) => {
    const value = /^\d{1,9}$/.test(given) ? Number(given) : NaN;
    return value >= bounds.from && value <= bounds.to ? value : new Fault(`must be a whole number from ${bounds.from} to ${bounds.to}`);
  },
  ...withFallback<number>(about),
});

/** A TCP port; 0 takes a free one. */
export function port(about: About<null> & { readonly fallback: null }): Setting<number | null>;
export function port(about: About<number>): Setting<number>;
export function port(about: About<number | null>): Setting<number | null> {
  return { ...integer({ from: 0, to: 65_535 }, about as About<number>), form: 'port' };
}

/** An address of one of these protocols, such as `['http', 'https']`. */
export function address(protocols: readonly string[], about: About<null> & Written & { readonly fallback: null }): Setting<string | null>;
export function address(protocols: readonly string[], about: About<string> & Written): Setting<string>;
export function address(protocols: readonly string[], about: About<string | null> & Written): Setting<string | null> {
  return {
    what: about.what, form: about.form ?? `${protocols[0]}://…`, secret: about.secret,
    read: (given) => (protocols.includes(protocolOf(given)) ? given : new Fault(`must be an address that begins with ${protocols.map((name) => `${name}://`).join(' or ')}`)),
    ...withFallback<string | null>(about),
  };
}

function protocolOf(given: string): string {
  try {
    return new URL(given).protocol.slice(0, -1);
  } catch {
    return '';
  }
}
