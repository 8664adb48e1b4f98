import type { Database } from '@quanyu/database';
import { defineLoader } from '@quanyu/subgraph';
import { stepsOf, type StepRecords } from '../domain/first-sync.js';
import type { StreamRef } from './due-streams.js';

export interface FirstSyncView { readonly channelId: string; readonly steps: readonly { readonly step: string; readonly state: string; readonly count: number; readonly errorCode: string | null }[]; readonly startedAt: Date; readonly endedAt: Date | null }

/** Shops whose first reading is to go on by now; each is a job of its own, so that one that fails stops no other. */
export async function dueFirstSyncs({ system }: Pick<Database, 'system'>): Promise<StreamRef[]> {
  const { rows } = await system.query<StreamRef>(
    `select f.tenant_id as "tenantId", f.connection_id as "connectionId" from first_sync f join channel_connection c on c.id = f.connection_id
     where f.step <> 'DONE' and c.status = 'ACTIVE' and f.next_at <= app_now() and (f.leased_until is null or f.leased_until < app_now()) order by f.next_at limit 500`);
  return rows;
}

/** Where the first readings of channels stand. */
export const firstSync = defineLoader<string, FirstSyncView>(async (ctx, ids) => {
  const rows = await ctx.read((em) => em.execute<{ connection_id: string; steps: StepRecords; started_at: string; ended_at: string | null }[]>(
    `select connection_id, steps, started_at, ended_at from first_sync where connection_id in (${ids.map(() => '?').join(', ')})`, [...ids]));
  return new Map(rows.map((row) => [row.connection_id, {
    channelId: row.connection_id, startedAt: new Date(row.started_at), endedAt: row.ended_at === null ? null : new Date(row.ended_at),
    steps: stepsOf(row.steps).map(({ step, waiting, state, count, error }) => ({ step, state: waiting ? 'WAITING' : state, count, errorCode: error ?? null })),
  }]));
});
