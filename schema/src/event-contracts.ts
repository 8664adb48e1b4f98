/** A JSON schema, as zod writes it. */
export type JsonSchema = { readonly [key: string]: unknown };

/** What a release promised about one event. */
export interface EventContract {
  readonly schema: JsonSchema;
  /** The subgraphs that take it in. */
  readonly consumers: readonly string[];
}
export type EventContracts = Readonly<Record<string, EventContract>>;

/** One difference between two sets of contracts. */
export interface EventChange { readonly type: string; readonly message: string; readonly breaks: boolean }

/** Words for people; they bind nobody. */
const PROSE = new Set(['description', 'title', '$schema', 'examples']);

/**
 * What differs between two sets of contracts. While a release rolls out, new consumers read events that old code told,
 * and old consumers those of new code. So within one version only a field that may be missing can come or go;
 * anything else is another version, told beside the old one until nobody takes that in.
 */
export function eventChanges(before: EventContracts, after: EventContracts): EventChange[] {
  const gone = Object.keys(before).filter((type) => !(type in after)).map((type) => {
    const { consumers } = before[type]!;
    return consumers.length === 0
      ? { type, message: `${type} is no longer told`, breaks: false }
      : { type, message: `${type} is gone, and in the last release ${consumers.join(' and ')} took it in. Let a release pass in which nobody does`, breaks: true };
  });
  const fresh = Object.keys(after).filter((type) => !(type in before)).map((type) => ({ type, message: `${type} is new`, breaks: false }));
  const changed = Object.keys(after).filter((type) => type in before)
    .flatMap((type) => differences(before[type]!.schema, after[type]!.schema, 'data').map(({ message, breaks }) => ({ type, message: `${type}: ${message}`, breaks })));
  return [...gone, ...fresh, ...changed].sort((a, b) => a.message.localeCompare(b.message, 'en'));
}

/** The changes that may not be released, one sentence each. */
export const forbiddenEventChanges = (changes: readonly EventChange[]): string[] =>
  changes.filter(({ breaks }) => breaks).map(({ type, message }) => `${message}. Tell ${nextVersion(type)} beside it instead.`);

const nextVersion = (type: string): string => type.replace(/\d+$/, (version) => String(Number(version) + 1));

type Difference = Omit<EventChange, 'type'>;

function differences(before: JsonSchema, after: JsonSchema, path: string): Difference[] {
  const words = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((word) => !PROSE.has(word) && word !== 'properties' && word !== 'required' && word !== 'items');
  const rules = words.filter((word) => canonical({ [word]: before[word] }) !== canonical({ [word]: after[word] }))
    .map((word) => ({ message: `${path} had ${word} ${show(before[word])} and has ${show(after[word])}`, breaks: true }));
  return [...rules, ...fieldDifferences(before, after, path), ...itemDifferences(before, after, path)];
}

function itemDifferences(before: JsonSchema, after: JsonSchema, path: string): Difference[] {
  const [was, is] = [before['items'], after['items']];
  if (isSchema(was) && isSchema(is)) return differences(was, is, `${path}[]`);
  return canonical(was) === canonical(is) ? [] : [{ message: `${path} has other items`, breaks: true }];
}

function fieldDifferences(before: JsonSchema, after: JsonSchema, path: string): Difference[] {
  const [was, is] = [fieldsOf(before), fieldsOf(after)];
  const [owed, owes] = [requiredOf(before), requiredOf(after)];
  return [...new Set([...Object.keys(was), ...Object.keys(is)])].flatMap((name): Difference[] => {
    const at = `${path}.${name}`;
    const [old, now] = [was[name], is[name]];
    if (old === undefined) return [owes.has(name) ? { message: `${at} is new and must be there, but events that were told before lack it`, breaks: true } : { message: `${at} may be there now`, breaks: false }];
    if (now === undefined) return [owed.has(name) ? { message: `${at} is gone, but consumers of the last release need it`, breaks: true } : { message: `${at} is gone`, breaks: false }];
    const demand = owed.has(name) === owes.has(name) ? [] : [{ message: owes.has(name) ? `${at} must be there now` : `${at} may be missing now`, breaks: true }];
    return [...demand, ...differences(old, now, at)];
  });
}

const isSchema = (value: unknown): value is JsonSchema => typeof value === 'object' && value !== null && !Array.isArray(value);
const fieldsOf = (schema: JsonSchema): Record<string, JsonSchema> => (isSchema(schema['properties']) ? schema['properties'] as Record<string, JsonSchema> : {});
const requiredOf = (schema: JsonSchema): Set<string> => new Set(Array.isArray(schema['required']) ? schema['required'] as string[] : []);

const show = (value: unknown): string => (value === undefined ? 'none' : JSON.stringify(value));

/** The same text for the same meaning: keys, and the values of an enum, have no order. */
const canonical = (value: unknown): string => JSON.stringify(value, (key, part: unknown) => {
  if (Array.isArray(part)) return key === 'enum' || key === 'anyOf' ? part.map((one) => canonical(one)).sort() : part;
  if (!isSchema(part)) return part;
  return Object.fromEntries(Object.entries(part).filter(([word]) => !PROSE.has(word)).sort(([a], [b]) => (a < b ? -1 : 1)));
}) ?? '';
