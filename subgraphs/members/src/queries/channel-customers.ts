import { maskAddressLine, maskEmail, maskName, maskPhone } from '@quanyu/pii';
import { defineListLoader, defineLoader, keysetPage, type GraphContext, type Page, type PageRequest } from '@quanyu/subgraph';
import { addressSeal, profileSeal } from '../domain/channel-customer-seals.js';
import type { MaskedProfile } from './masked-profile.js';

export interface ChannelCustomerRow {
  readonly id: string; readonly connectionId: string; readonly externalCustomerId: string; readonly sealedProfile: string | null; readonly ordersCount: number | null; readonly currency: string | null; readonly spentMinor: number | null;
  readonly state: string | null; readonly changedAt: Date;
}
/** Name, phone and street masked. */
export interface MaskedCustomerAddress {
  readonly externalAddressId: string; readonly isDefault: boolean; readonly name: string | null; readonly phone: string | null; readonly addressLine: string | null;
  readonly city: string | null; readonly province: string | null; readonly countryCode: string | null;
}

const COLUMNS = `id, connection_id as "connectionId", external_id as "externalCustomerId", sealed_profile as "sealedProfile", orders_count as "ordersCount", currency, spent_minor as "spentMinor", state, changed_at as "changedAt"`;
const shaped = (row: ChannelCustomerRow): ChannelCustomerRow => ({ ...row, spentMinor: row.spentMinor === null ? null : Number(row.spentMinor), changedAt: new Date(row.changedAt) });

/** Who has an account with a channel, newest here first. */
export function channelCustomerPage(ctx: GraphContext, connectionId: string, page: PageRequest): Promise<Page<ChannelCustomerRow>> {
  const WHERE = 'tenant_id = ? and connection_id = ? and deleted_at is null';
  const values = [ctx.viewer.tenantId, connectionId];
  return keysetPage<ChannelCustomerRow>(
    page,
    async ({ id }, { id: order }, limit) => (await ctx.read((em) => em.execute<ChannelCustomerRow[]>(
      `select ${COLUMNS} from channel_customer where ${WHERE}${id?.$lt === undefined ? '' : ' and id < ?'}${id?.$gt === undefined ? '' : ' and id > ?'} order by id ${order} limit ?`,
      [...values, ...(id?.$lt === undefined ? [] : [id.$lt]), ...(id?.$gt === undefined ? [] : [id.$gt]), limit]))).map(shaped),
    async () => (await ctx.read((em) => em.execute<{ count: number }[]>(`select count(*)::int as count from channel_customer where ${WHERE}`, [...values])))[0]!.count);
}

export function maskedCustomer({ deps: { vault }, viewer: { tenantId } }: GraphContext, { id, sealedProfile }: Pick<ChannelCustomerRow, 'id' | 'sealedProfile'>): MaskedProfile {
  const { name = null, phone = null, email = null } = sealedProfile === null ? {} : JSON.parse(vault.open(sealedProfile, profileSeal(tenantId, id))) as Partial<MaskedProfile>;
  return { name: name && maskName(name), phone: phone && maskPhone(phone), email: email && maskEmail(email) };
}

interface SealedAddress { readonly customerId: string; readonly externalAddressId: string; readonly isDefault: boolean; readonly sealed: string }
interface ClearAddress { readonly name: string | null; readonly phone: string | null; readonly address1: string | null; readonly address2: string | null; readonly city: string | null; readonly province: string | null; readonly countryCode: string | null }

const sealedAddresses = defineListLoader<string, SealedAddress>((ctx, ids) => ctx.read((em) => em.execute<SealedAddress[]>(
  `select customer_id as "customerId", external_id as "externalAddressId", is_default as "isDefault", sealed from channel_customer_address
   where tenant_id = ? and customer_id in (select jsonb_array_elements_text(?::jsonb)) order by customer_id, is_default desc, external_id`, [ctx.viewer.tenantId, JSON.stringify(ids)])), (row) => row.customerId);

/** Where parcels of a customer go, the default first, masked. */
export const customerAddresses = async (ctx: GraphContext, customerId: string): Promise<readonly MaskedCustomerAddress[]> => (await sealedAddresses(ctx).load(customerId)).map(({ externalAddressId, isDefault, sealed }) => {
  const { name, phone, address1, address2, city, province, countryCode } = JSON.parse(ctx.deps.vault.open(sealed, addressSeal(ctx.viewer.tenantId, customerId, externalAddressId))) as ClearAddress;
  const line = [address1, address2].filter(Boolean).join(' ');
  return { externalAddressId, isDefault, name: name && maskName(name), phone: phone && maskPhone(phone), addressLine: line === '' ? null : maskAddressLine(line), city, province, countryCode };
});

/** The members that customers of channels are, by `<channel> <customer>`: those who have bought. */
export const memberOfCustomer = defineLoader<string, string>(async (ctx, keys) => {
  const rows = await ctx.read((em) => em.execute<{ key: string; id: string }[]>(
    `select connection_id || ' ' || external_id as key, member_id as id from member_identity
     where tenant_id = ? and (connection_id, external_id) in (select split_part(k, ' ', 1), substr(k, strpos(k, ' ') + 1) from jsonb_array_elements_text(?::jsonb) k)`, [ctx.viewer.tenantId, JSON.stringify(keys)]));
  return new Map(rows.map(({ key, id }) => [key, id]));
});
