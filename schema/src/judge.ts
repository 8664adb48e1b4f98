import { buildSchema } from 'graphql';
import { deprecationFaults, shortenedPromises } from './deprecation.js';
import { eventChanges, forbiddenEventChanges, type EventChange } from './event-contracts.js';
import { forbiddenChanges, graphChanges, type GraphChange } from './graph-changes.js';
import { operationFaults, readOperations } from './operations.js';
import { migrationFaults, type Release } from './release.js';

/** What is new since the last release, and what of it may not be released. */
export interface Judgement {
  readonly faults: readonly string[];
  readonly graph: readonly GraphChange[];
  readonly events: readonly EventChange[];
}

/** Compares what the code says now with the last release. */
export async function judge(current: Omit<Release, 'version' | 'day'>, released: Release | null, operationsFolder: URL, today: string): Promise<Judgement> {
  const after = buildSchema(current.graph);
  const operations = readOperations(operationsFolder);
  const faults = [...operationFaults(after, operations), ...deprecationFaults(after)];
  if (released === null) return { faults, graph: [], events: [] };
  const before = buildSchema(released.graph);
  const graph = await graphChanges(before, after);
  const events = eventChanges(released.events, current.events);
  return {
    graph,
    events,
    faults: [
      ...faults,
      ...forbiddenChanges({ before, changes: graph, operations, today }),
      ...shortenedPromises(before, after),
      ...forbiddenEventChanges(events),
      ...migrationFaults(released.migrations, current.migrations),
    ],
  };
}
