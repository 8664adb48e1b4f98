type Reviver = (this: unknown, key: string, value: unknown, context: { readonly source?: string }) => unknown;

/**
 * Reads a JSON body with each number as its source text: platforms send ids beyond 2^53 and amounts as numbers, and a
 * float would change both. Throws for what is not UTF-8 or not JSON.
 */
export function parseJson(bytes: Buffer): unknown {
  const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  const keepSource: Reviver = (_key, value, { source }) => (typeof value === 'number' ? source : value);
  return JSON.parse(text, keepSource as (key: string, value: unknown) => unknown);
}
