/** JSON of any shape, as a test reads it. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a test asserts on what comes; typing each answer would say it twice
export type Json = any;

/** Who asks; nobody, when empty. */
export type Credentials = { readonly token: string } | { readonly apiKey: string } | Record<string, never>;
