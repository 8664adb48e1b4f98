import type { SubgraphDeps } from '@quanyu/subgraph';
import { CHANNELS, PLATFORMS, type Platform } from '../channels/channels.js';
import type { Connector } from '../channels/connector.js';
import { channelAccount } from './channel-account.js';

const connectorOf = (platform: Platform): Connector | null => CHANNELS[platform].connector;
const NUMBERING = PLATFORMS.filter((platform) => connectorOf(platform)?.numbers === 'CLEAR');

/**
 * Who numbers a parcel: for a receiver whom a shop masks that shop, which alone knows them; else the tenant's first account
 * that has a contract with the carrier. Null where nobody can.
 */
export async function issuingChannel(deps: Pick<SubgraphDeps, 'database' | 'vault'>, { tenantId, connectionId, carrier, masked }: { readonly tenantId: string; readonly connectionId: string; readonly carrier: string; readonly masked: boolean }): Promise<string | null> {
  if (masked) {
    const account = await channelAccount(deps, tenantId, connectionId);
    return account !== null && connectorOf(account.platform)?.numbers === 'MASKED' ? connectionId : null;
  }
  const rows = await deps.database.read(tenantId, (em) => em.execute<{ id: string }[]>(
    "select id from channel_connection where tenant_id = ? and platform = any(string_to_array(?, ',')) and status = 'ACTIVE' and sealed_account is not null order by id", [tenantId, NUMBERING.join(',')]));
  for (const { id } of rows) {
    const found = await channelAccount(deps, tenantId, id);
    if (found !== null && connectorOf(found.platform)?.carriersOf?.(found.account).includes(carrier)) return id;
  }
  return null;
}
