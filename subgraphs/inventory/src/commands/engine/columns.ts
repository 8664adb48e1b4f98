/** Array literals of PostgreSQL: what pg makes of a JavaScript array, without a regular expression for each element. */

export const integers = (values: readonly (number | null)[]): string => `{${values.map((value) => value ?? 'NULL').join(',')}}`;

export function texts(values: readonly (string | null)[]): string {
  if (values.length === 0) return '{}';
  if (!values.includes(null)) {
    const joined = (values as string[]).join('","');
    // Ids and keys hardly ever need escaping: one look over all of them tells.
    if (!joined.includes('\\') && joined.split('"').length === 2 * values.length - 1) return `{"${joined}"}`;
  }
  return `{${values.map((value) => (value === null ? 'NULL' : `"${value.replace(/["\\]/g, '\\$&')}"`)).join(',')}}`;
}

/** Numbers things by first sight, from 1; 0 stays free to mean none. */
export class Register {
  readonly #numbers = new Map<string, number>();
  /** The number of a thing; `onNew` is told when it has none yet. */
  numberOf(name: string, onNew: () => void): number {
    let number = this.#numbers.get(name);
    if (number === undefined) {
      number = this.#numbers.size + 1;
      this.#numbers.set(name, number);
      onNew();
    }
    return number;
  }
}
