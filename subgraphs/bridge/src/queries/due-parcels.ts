import type { Database } from '@quanyu/database';

export interface ParcelRef { readonly tenantId: string; readonly connectionId: string; readonly parcelId: string }

/** Parcels that channels are to be told of by now. */
export async function dueParcels({ system }: Pick<Database, 'system'>): Promise<ParcelRef[]> {
  const { rows } = await system.query<ParcelRef>(
    `select p.tenant_id as "tenantId", p.connection_id as "connectionId", p.id as "parcelId" from parcel_push p
     where p.state = 'DUE' and p.next_at <= app_now() and (p.leased_until is null or p.leased_until < app_now()) order by p.next_at limit 500`);
  return rows;
}

/** Parcels whose way is to be asked for by now. */
export async function dueFollows({ system }: Pick<Database, 'system'>): Promise<ParcelRef[]> {
  const { rows } = await system.query<ParcelRef>(
    `select tenant_id as "tenantId", connection_id as "connectionId", parcel_id as "parcelId" from parcel_follow
     where state = 'DUE' and next_at <= app_now() and (leased_until is null or leased_until < app_now()) order by next_at limit 500`);
  return rows;
}
