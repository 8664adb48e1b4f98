import type { CallHandler, Calls } from '@quanyu/calls';
import { migrate, openDatabase, tenancyMigrations, type Database, type DatabaseDefinition, type OpenOptions, type SubgraphDatabaseUrls } from '@quanyu/database';
import type { JobDefinition, Jobs, JobSchedule } from '@quanyu/jobs';
import { eventLogMigrations, EventDoor, Live, LogReader, Relay, watchLag, watchParked, type Consumer, type Hints } from '@quanyu/outbox';
import type { Vault } from '@quanyu/pii';
import type { GraphQLSchema } from 'graphql';
import { GraphContext, type RequestInfo } from './context.js';
import type { SubgraphDefinition } from './definition.js';
import type { SubgraphDeps } from './deps.js';
import { DoorLoad } from './door-load.js';
import { federatedSchema } from './federated-schema.js';
import { houseJobs } from './house-jobs.js';
import { idempotencyMigrations } from './idempotency.js';
import { parkedEventCalls } from './parked-event-calls.js';

/** Means that a subgraph gets from where it runs. */
export interface SubgraphRuntime {
  readonly urls: SubgraphDatabaseUrls;
  readonly vault: Vault;
  readonly calls: Calls;
  readonly jobs: Pick<Jobs, 'enqueue'>;
  readonly database?: OpenOptions;
  /** Tells the other processes of this subgraph of new events; not needed where there are none. */
  readonly hints?: (database: Database) => Hints;
  /** How long the log reader rests when nothing of this process has rung; shorter where other processes write too. */
  readonly idleMs?: number;
  /** Where doors and work have a process each: what they know of a crowd. */
  readonly doorLoad?: DoorLoad;
  /** Waits between the tries of an event that fails, in milliseconds; for tests. */
  readonly retryWaitsMs?: readonly number[];
}

/** A subgraph that can be asked. */
export interface RunningSubgraph {
  readonly definition: SubgraphDefinition;
  readonly schema: GraphQLSchema;
  readonly sdl: string;
  readonly deps: SubgraphDeps;
  readonly door: EventDoor<SubgraphDeps>;
  /** The calls that it answers: its own, and those that every subgraph does. */
  readonly calls: readonly CallHandler[];
  /** Its jobs, and those that every subgraph has. */
  readonly jobs: { readonly definitions: readonly JobDefinition<unknown>[]; readonly schedules: readonly JobSchedule[] };
  contextFor(request: RequestInfo): GraphContext;
  /** Starts to hand its events to these doors, and to try again what its own has put aside. */
  relayTo(consumers: readonly { readonly door: Consumer }[]): void;
  /** Ends the live fields: their clients come back to another process. */
  endLive(): void;
  /** Ends relay and retries, when what they do has been done. */
  stopRelay(): Promise<void>;
  stop(): Promise<void>;
}

/** The tables of a subgraph: those that every schema has, then its own. */
export const databaseDefinition = ({ name, entities, migrations }: Pick<SubgraphDefinition, 'name' | 'entities' | 'migrations'>): DatabaseDefinition => ({
  name, entities, migrations: [...tenancyMigrations(), ...eventLogMigrations(), ...idempotencyMigrations(), ...migrations],
});

/** Runs what is missing of a subgraph's migrations; answers how many ran. */
export const migrateSubgraph = (definition: SubgraphDefinition, ownerUrl: string): Promise<number> => migrate(databaseDefinition(definition), ownerUrl);

/** Opens a migrated subgraph. It serves at once; its relay works from `relayTo` on. */
export async function openSubgraph(definition: SubgraphDefinition, runtime: SubgraphRuntime): Promise<RunningSubgraph> {
  const database = await openDatabase(databaseDefinition(definition), runtime.urls, { ...(definition.connections !== undefined && { poolSize: definition.connections }), ...runtime.database });
  const reader = new LogReader(database, runtime.idleMs ?? 250, runtime.hints?.(database));
  await reader.start();
  const live = new Live(database, reader);
  const deps: SubgraphDeps = { database, vault: runtime.vault, calls: runtime.calls, jobs: runtime.jobs, live, doorLoad: runtime.doorLoad ?? new DoorLoad() };
  const door = new EventDoor(database, definition.consumers, deps, runtime.retryWaitsMs);
  // Made when first asked for: a process that only works has no use for it.
  let graph: ReturnType<typeof federatedSchema> | undefined;
  const graphOf = (): ReturnType<typeof federatedSchema> => (graph ??= federatedSchema(definition));
  let relay: Relay | undefined;
  const stopRelay = async (): Promise<void> => {
    await door.parking.stop();
    await relay?.stop();
  };
  const own = definition.jobs?.(deps);
  const house = houseJobs(definition.name, database);
  const unwatch = [watchParked(database)];
  return {
    definition, deps, door,
    get schema() { return graphOf().schema; },
    get sdl() { return graphOf().sdl; },
    calls: [...(definition.calls?.(deps) ?? []), ...parkedEventCalls(definition.name, door.parking)],
    jobs: { definitions: [...(own?.definitions ?? []), ...house.definitions], schedules: [...(own?.schedules ?? []), ...house.schedules] },
    contextFor: (request) => new GraphContext(request, deps),
    relayTo: (consumers) => {
      const followers = consumers.map(({ door: consumer }) => standingBack(consumer, deps.doorLoad)).filter(({ types }) => takesFrom(types, definition.name));
      relay = new Relay(database, reader, followers, runtime.urls.system);
      unwatch.push(watchLag(database, followers));
      relay.start();
      door.parking.start();
    },
    endLive: () => live.stop(),
    stopRelay,
    stop: async () => {
      for (const end of unwatch) end();
      live.stop();
      await stopRelay();
      await reader.stop();
      await database.close();
    },
  };
}

/** Short beside what a consumer may take: a chain of them is still done within a second or two. */
const EVENTS_WAIT_MS = 250;

/** A consumer that takes events in larger batches while a crowd is at the doors. */
const standingBack = (consumer: Consumer, doorLoad: DoorLoad): Consumer => ({
  name: consumer.name,
  types: consumer.types,
  accept: async (events) => {
    await doorLoad.untilCalm(EVENTS_WAIT_MS);
    return consumer.accept(events);
  },
});

/** Whether a door takes in events of a subgraph; one that is elsewhere may. */
const takesFrom = (types: Consumer['types'], name: string): boolean => typeof types === 'function' || types.some((type) => type.startsWith(`${name}.`));
