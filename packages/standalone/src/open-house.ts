import { InProcessCalls } from '@quanyu/calls';
import { subgraphUrls } from '@quanyu/database';
import { Jobs } from '@quanyu/jobs';
import { Vault } from '@quanyu/pii';
import { DoorLoad, openSubgraph, type RunningSubgraph, type SubgraphRuntime } from '@quanyu/subgraph';
import { log } from '@quanyu/telemetry';
import type { Stops } from './ground.js';
import { rolePassword, type Secrets } from './secrets.js';
import { subgraphs } from './subgraphs.js';

/** From what a process opens the subgraphs; goes to another process as JSON. */
export interface HousePlan {
  readonly adminUrl: string;
  readonly jobsUrl: string;
  readonly redisUrl: string | null;
  readonly secrets: Pick<Secrets, 'databaseSecret' | 'sealKeys' | 'indexKey'>;
}

/** All subgraphs, opened in one process. */
export interface House {
  readonly running: readonly RunningSubgraph[];
  readonly calls: InProcessCalls;
  /** Relays, consumers and jobs: what nobody waits for. */
  work(): Promise<void>;
}

/** A killed process' jobs are taken up this soon after the restart; every job may safely run twice. */
const JOB_LOCK_MS = 5_000;

/** Another process tells of what it has written; a hint that is lost costs this much. */
const IDLE_MS = 1_000;

/** What a process of two shares with the other. */
export interface Shared { readonly hintsOf: (subgraph: string) => NonNullable<SubgraphRuntime['hints']>; readonly doorLoad: DoorLoad }

/** Opens all subgraphs in this process. They answer at once, and work from `work` on. */
export async function openHouse({ adminUrl, jobsUrl, redisUrl, secrets }: HousePlan, stops: Stops, shared?: Shared): Promise<House> {
  const vault = Vault.from(secrets);
  const passwordOf = rolePassword(secrets);
  const calls = new InProcessCalls();
  const store = redisUrl === null ? { connectionString: jobsUrl } : { redisUrl };
  const jobs = new Jobs({ ...store, queueName: 'quanyu', log, lockMs: JOB_LOCK_MS });
  const doorLoad = shared?.doorLoad ?? new DoorLoad();
  const running: RunningSubgraph[] = [];
  for (const definition of subgraphs) {
    const { name } = definition;
    const subgraph = await openSubgraph(definition, { urls: subgraphUrls(adminUrl, name, () => passwordOf(name)), vault, calls, jobs, doorLoad, ...(shared !== undefined && { hints: shared.hintsOf(name), idleMs: IDLE_MS }) });
    running.push(subgraph);
    stops.add(() => subgraph.stop());
    calls.add(subgraph.calls);
    jobs.register(subgraph.jobs.definitions, subgraph.jobs.schedules);
  }
  stops.add(() => jobs.stop());
  return {
    running, calls,
    async work() {
      for (const subgraph of running) subgraph.relayTo(running);
      await jobs.start();
    },
  };
}
