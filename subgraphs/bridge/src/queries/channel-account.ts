import type { SubgraphDeps } from '@quanyu/subgraph';
import type { Platform } from '../channels/channels.js';
import type { Account } from '../channels/connector.js';
import { accountSeal } from '../seal-contexts.js';

export interface ChannelAccount { readonly platform: Platform; readonly account: Account }

/** What opens a channel's API; null when it is disabled or nobody has filled it in. */
export async function channelAccount({ database, vault }: Pick<SubgraphDeps, 'database' | 'vault'>, tenantId: string, connectionId: string): Promise<ChannelAccount | null> {
  const [row] = await database.read(tenantId, (em) => em.execute<{ platform: Platform; shop_domain: string | null; settings: Record<string, string>; sealed_account: string }[]>(
    "select platform, shop_domain, settings, sealed_account from channel_connection where id = ? and status = 'ACTIVE' and sealed_account is not null", [connectionId]));
  if (row === undefined) return null;
  const secrets = JSON.parse(vault.open(row.sealed_account, accountSeal(tenantId, connectionId))) as Record<string, string>;
  return { platform: row.platform, account: { shopDomain: row.shop_domain, settings: row.settings, secrets } };
}
