import type { Database } from '@quanyu/database';
import type { Purpose } from '../channels/connector.js';
import type { StreamRef } from './due-streams.js';

export interface DueCopy {
  readonly purpose: Purpose; readonly subjectId: string; readonly version: number; readonly externalId: string | null;
  readonly toldHash: string | null; readonly ended: boolean; readonly attempts: number;
}

const BATCH = 50;

/** What a shop is to be given now, orders first: somebody waits for them. */
export const dueCopies = (database: Database, { tenantId, connectionId }: StreamRef, purposes: readonly Purpose[]): Promise<DueCopy[]> =>
  (purposes.length === 0 ? Promise.resolve([]) : database.read(tenantId, (em) => em.execute<DueCopy[]>(
    `select purpose, subject_id as "subjectId", version, external_id as "externalId", told_hash as "toldHash", ended, attempts from shop_copy
     where connection_id = ? and state = 'DUE' and next_at <= app_now() and purpose in (${purposes.map(() => '?').join(', ')})
     order by purpose, next_at, subject_id limit ${BATCH}`, [connectionId, ...purposes])));

/** Shops that have something to be given, and that may be given it now. One that is disabled is looked at too: its buyers are told by mail. */
export async function dueCopyLanes({ system }: Pick<Database, 'system'>): Promise<StreamRef[]> {
  const { rows } = await system.query<StreamRef>(
    `select l.tenant_id as "tenantId", l.connection_id as "connectionId" from copy_lane l
     where l.next_at <= app_now() and (l.leased_until is null or l.leased_until < app_now())
       and (l.planned_after is not null or exists (select from shop_copy s where s.connection_id = l.connection_id and s.state = 'DUE' and s.next_at <= app_now()))
     order by l.next_at limit 500`);
  return rows;
}
