import type { Database } from '@quanyu/database';
import { defineJob, type JobDefinition, type JobSchedule } from '@quanyu/jobs';
import { sweepEventLog } from '@quanyu/outbox';
import { log } from '@quanyu/telemetry';

/** The jobs that every subgraph has beside its own: its event log is swept each night. */
export function houseJobs(subgraph: string, database: Database): { readonly definitions: readonly JobDefinition<unknown>[]; readonly schedules: readonly JobSchedule[] } {
  const name = `${subgraph}.sweep-event-log`;
  return {
    definitions: [defineJob({
      name,
      payload: () => ({}),
      attempts: 2,
      run: async () => {
        const count = await sweepEventLog(database);
        if (count > 0) log.info('event log swept', { subgraph, count });
      },
    })],
    // Each at a minute of its own: eight sweeps at once would be felt.
    schedules: [{ job: name, cron: `${minuteOf(subgraph)} 4 * * *` }],
  };
}

const minuteOf = (text: string): number => [...text].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 60, 0);
