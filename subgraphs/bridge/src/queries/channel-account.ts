import type { SubgraphDeps } from '@quanyu/subgraph';
import type { Platform } from '../channels/channels.js';
import type { Account } from '../channels/connector.js';
import type { ChannelFlow } from '../domain/channel-flows.js';
import type { TokenTimes } from '../domain/token-plan.js';
import { accountSeal } from '../seal-contexts.js';

export interface ChannelAccount { readonly platform: Platform; readonly account: Account; readonly token: TokenTimes; readonly flows: readonly ChannelFlow[] }

interface Row { platform: Platform; shop_domain: string | null; settings: Record<string, string>; sealed_account: string; expires_ms: string | null; renew_ms: string | null; flows: ChannelFlow[] }

/** What opens a channel's API; null when it is disabled or nobody has filled it in. */
export async function channelAccount({ database, vault }: Pick<SubgraphDeps, 'database' | 'vault'>, tenantId: string, connectionId: string): Promise<ChannelAccount | null> {
  const [row] = await database.read(tenantId, (em) => em.execute<Row[]>(
    `select platform, shop_domain, settings, sealed_account, (extract(epoch from token_expires_at) * 1000)::bigint::text as expires_ms, (extract(epoch from token_renew_at) * 1000)::bigint::text as renew_ms, flows
     from channel_connection where id = ? and status = 'ACTIVE' and sealed_account is not null`, [connectionId]));
  if (row === undefined) return null;
  const secrets = JSON.parse(vault.open(row.sealed_account, accountSeal(tenantId, connectionId))) as Record<string, string>;
  return { platform: row.platform, account: { shopDomain: row.shop_domain, settings: row.settings, secrets }, token: { expiresAt: instant(row.expires_ms), renewAt: instant(row.renew_ms) }, flows: row.flows };
}

const instant = (ms: string | null): Date | null => (ms === null ? null : new Date(Number(ms)));
