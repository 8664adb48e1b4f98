import { CriticalityLevel, diff, DiffRule, type Change } from '@graphql-inspector/core';
import type { GraphQLSchema } from 'graphql';
import { deprecations, promisedUntil } from './deprecation.js';
import { coordinatesOf, type ClientOperation } from './operations.js';

/** How much a change asks of clients. */
export type Weight = 'break' | 'care' | 'free';

/** One difference between two graphs. */
export interface GraphChange {
  readonly weight: Weight;
  /** What changed, as a coordinate of the graph. */
  readonly path: string;
  readonly message: string;
  readonly kind: string;
}

const WEIGHTS = { [CriticalityLevel.Breaking]: 'break', [CriticalityLevel.Dangerous]: 'care', [CriticalityLevel.NonBreaking]: 'free' } as const;

/** What differs between two graphs, descriptions aside, in an order of its own kind and name. */
export async function graphChanges(before: GraphQLSchema, after: GraphQLSchema): Promise<GraphChange[]> {
  const changes: Change[] = await diff(before, after, [DiffRule.ignoreDescriptionChanges, DiffRule.simplifyChanges]);
  return changes
    .map(({ criticality, path, message, type }) => ({ weight: WEIGHTS[criticality.level], path: (path ?? '').replace(/\.?@.*$/, ''), message, kind: String(type) }))
    .sort((a, b) => a.path.localeCompare(b.path, 'en') || a.message.localeCompare(b.message, 'en'));
}

/** Adding something that must be sent breaks those who use the thing that asks for it. */
const ADDS_A_DEMAND = new Set(['FIELD_ARGUMENT_ADDED', 'INPUT_FIELD_ADDED']);
/** A type goes when nothing leads to it any more, and what led to it is judged by itself. */
const FOLLOWS = new Set(['TYPE_REMOVED']);

/**
 * The changes that may not be released, one sentence each. Something that clients could ask for may only break when it
 * was deprecated in the released graph, the promised day is over, and no stored operation asks for it.
 * @param today `YYYY-MM-DD`.
 */
export function forbiddenChanges(
  { before, changes, operations, today }: { readonly before: GraphQLSchema; readonly changes: readonly GraphChange[]; readonly operations: readonly ClientOperation[]; readonly today: string },
): string[] {
  const usage = operations.map((operation) => ({ ...operation, used: coordinatesOf(before, operation) }));
  const promises = new Map(deprecations(before).map(({ coordinate, reason }) => [coordinate, promisedUntil(reason)]));
  return changes.filter(({ weight }) => weight === 'break').flatMap(({ path, message, kind }) => {
    const subject = ADDS_A_DEMAND.has(kind) ? parentOf(path) : path;
    const users = usage.filter(({ used }) => used.has(subject)).map(({ names, file }) => `${names.join(', ')} (${file})`);
    if (users.length > 0) return [`${message}. Asked by ${users.join(' and ')}.`];
    if (FOLLOWS.has(kind)) return [];
    const until = ancestors(path).map((coordinate) => promises.get(coordinate)).find((day) => day !== undefined);
    if (until === undefined) return [`${message}. It was never deprecated: release it with @deprecated(reason: "Use …; until YYYY-MM-DD") first, and change it after that day.`];
    return until < today ? [] : [`${message}. It is promised until ${until}.`];
  });
}

const parentOf = (path: string): string => path.split('.').slice(0, -1).join('.');

/** `Type.field.argument` itself, then `Type.field`: what asks for a deprecated field passes its arguments too. */
const ancestors = (path: string): string[] => {
  const parts = path.split('.');
  return parts.map((_, i) => parts.slice(0, parts.length - i).join('.')).filter((coordinate) => coordinate.includes('.'));
};
