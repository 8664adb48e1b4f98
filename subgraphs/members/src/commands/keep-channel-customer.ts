import type { EntityManager } from '@mikro-orm/postgresql';
import type { channelCustomerTold, EventOf } from '@quanyu/events';
import { newId } from '@quanyu/ids';
import type { Vault } from '@quanyu/pii';
import { addressSeal, profileSeal } from '../domain/channel-customer-seals.js';

type Told = EventOf<typeof channelCustomerTold>['data'];

/**
 * Keeps who has an account with a channel. Comes again, late and out of order without harm: the newest telling stays. Of
 * whom the channel knows no more, all that names them goes; that they were told stays, so that a late push brings nobody back.
 */
export async function keepChannelCustomer(em: EntityManager, vault: Vault, tenantId: string, told: Told): Promise<void> {
  const { connectionId, platform, customer, changedAt, readAt, removed } = told;
  // The row first: what is sealed opens only in its own.
  await em.execute(
    `insert into channel_customer (id, tenant_id, connection_id, external_id, platform, changed_at, read_at) values (?, ?, ?, ?, ?, '-infinity', '-infinity') on conflict do nothing`, [newId('cus'), tenantId, connectionId, customer.externalId, platform]);
  const [row] = await em.execute<{ id: string; newer: boolean }[]>(
    `select id, (changed_at, read_at) < (?::timestamptz, ?::timestamptz) as newer from channel_customer where tenant_id = ? and connection_id = ? and external_id = ? for update`, [changedAt, readAt, tenantId, connectionId, customer.externalId]);
  if (!row!.newer) return;
  const { id } = row!;
  const profile = removed || customer.sealed === null ? null : vault.seal(vault.open(customer.sealed, { tenantId, row: customer.externalId, field: 'customer' }), profileSeal(tenantId, id));
  await em.execute(
    `update channel_customer set sealed_profile = ?, phone_index = ?, email_index = ?, orders_count = ?, currency = ?, spent_minor = ?, state = ?, changed_at = ?, read_at = ?, updated_at = app_now(), deleted_at = case when ? then app_now() end where id = ?`,
    [profile, removed ? null : customer.phoneIndex, removed ? null : customer.emailIndex, told.ordersCount, told.spent?.currency ?? null, told.spent?.amountMinor ?? null, told.state, changedAt, readAt, removed, id]);
  await keepAddresses(em, vault, tenantId, id, told);
}

/** All of them as they were told; an address is where somebody lives, so one that is told no more is not kept. */
async function keepAddresses(em: EntityManager, vault: Vault, tenantId: string, customerId: string, { connectionId, addresses, removed }: Told): Promise<void> {
  const rows = removed ? [] : addresses.map(({ externalAddressId, sealed, isDefault }) => ({
    external_id: externalAddressId, is_default: isDefault,
    sealed: vault.seal(vault.open(sealed, { tenantId, row: externalAddressId, field: 'address' }), addressSeal(tenantId, customerId, externalAddressId)),
  }));
  await em.execute('delete from channel_customer_address where tenant_id = ? and connection_id = ? and customer_id = ? and external_id not in (select external_id from jsonb_to_recordset(?::jsonb) as r (external_id text))', [tenantId, connectionId, customerId, JSON.stringify(rows)]);
  if (rows.length === 0) return;
  await em.execute(
    `insert into channel_customer_address (tenant_id, customer_id, connection_id, external_id, sealed, is_default)
     select ?, ?, ?, r.external_id, r.sealed, r.is_default from (select distinct on (external_id) * from jsonb_to_recordset(?::jsonb) as r (external_id text, sealed text, is_default boolean)) r order by r.external_id
     on conflict (tenant_id, connection_id, customer_id, external_id) do update set sealed = excluded.sealed, is_default = excluded.is_default, updated_at = app_now()`, [tenantId, customerId, connectionId, JSON.stringify(rows)]);
}
