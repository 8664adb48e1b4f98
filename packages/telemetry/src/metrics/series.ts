/**
 * What a metric may be told apart by. Nothing here grows with customers, orders or merchants: Prometheus keeps every
 * combination for ever. A new word is added here, and only when its values can be counted on fingers or stand in code.
 */
export type LabelName =
  | 'subgraph' | 'consumer' | 'event' | 'command' | 'job' | 'queue' | 'call'
  | 'operation' | 'kind' | 'route' | 'status' | 'outcome' | 'state' | 'pool';

/** A value for each label of a metric. */
export type LabelValues<L extends LabelName> = { readonly [Name in L]: string };

/** What stands where a value is not a word from code, or where a metric has got too many combinations. */
export const OTHER = 'other';

// Names from code only: no space, no e-mail. Digits beyond a version would be somebody's number.
const WORD = /^(?!.*\d{5})[A-Za-z/][A-Za-z0-9_./:-]{0,99}$|^[1-5]\d\d$/;
const MOST_SERIES = 1_000;

/**
 * Finds what a metric keeps for a combination of values, made when it is first met. However hostile the values are:
 * beyond a thousand combinations all further ones are counted together.
 */
export function seriesOf<L extends LabelName, Series>(
  labels: readonly L[], make: (values: Record<L, string>) => Series,
): (values: LabelValues<L>) => Series {
  const known = new Map<string, Series>();
  const joined = (values: LabelValues<L>): string => {
    let key = '';
    for (const label of labels) key += `${values[label]}|`;
    return key;
  };
  const find = (values: LabelValues<L>, limit: number): Series | undefined => {
    // What has been met as it is needs no second look: no word holds a bar.
    const met = known.get(joined(values));
    if (met !== undefined) return met;
    const safe = {} as Record<L, string>;
    for (const label of labels) safe[label] = WORD.test(values[label]) ? values[label] : OTHER;
    const key = joined(safe);
    let series = known.get(key);
    if (series === undefined && known.size < limit) known.set(key, (series = make(safe)));
    return series;
  };
  const others = Object.fromEntries(labels.map((label) => [label, OTHER])) as Record<L, string>;
  return (values) => find(values, MOST_SERIES) ?? find(others, Infinity)!;
}
