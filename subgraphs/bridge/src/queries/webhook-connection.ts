import type { SubgraphDeps } from '@quanyu/subgraph';
import type { WebhookConnection } from '../channels/channel.js';
import { CHANNELS, type Platform } from '../channels/channels.js';
import { liveSecrets } from '../domain/live-secrets.js';
import type { StoredSecret } from '../entities/channel-connection.entity.js';
import { accountSeal, secretSeal } from '../seal-contexts.js';

export interface FoundConnection extends WebhookConnection { readonly tenantId: string }

/**
 * The active connection that a webhook's path names: asked as the system role, since its tenant is what we look for.
 * A disabled one is as good as none: nothing of it is stored, and the platform tries again for hours.
 */
export async function webhookConnection({ database, vault }: Pick<SubgraphDeps, 'database' | 'vault'>, platform: Platform, id: string, now: Date): Promise<FoundConnection | null> {
  const { rows: [row] } = await database.system.query<{ tenantId: string; shopDomain: string | null; sealedSecrets: StoredSecret[]; settings: Record<string, string>; sealedAccount: string | null }>({
    name: 'webhook-connection',
    text: `select tenant_id as "tenantId", shop_domain as "shopDomain", sealed_secrets as "sealedSecrets", settings, sealed_account as "sealedAccount"
           from channel_connection where id = $1 and platform = $2 and status = 'ACTIVE'`,
    values: [id, platform],
  });
  if (row === undefined) return null;
  const { tenantId, shopDomain, sealedSecrets, settings, sealedAccount } = row;
  // Opened where a platform signs with what also opens it, and nowhere else.
  const account = sealedAccount === null || CHANNELS[platform].hintsOf === undefined ? null
    : { shopDomain, settings, secrets: JSON.parse(vault.open(sealedAccount, accountSeal(tenantId, id))) as Record<string, string> };
  return { tenantId, shopDomain, account, secrets: liveSecrets(sealedSecrets, now).map(({ sealed }) => vault.open(sealed, secretSeal(tenantId, id))) };
}

/** The active connection of a shop that is named by its number there; null where there is none, or more than one. */
export async function connectionOfStore({ system }: Pick<SubgraphDeps['database'], 'system'>, platform: Platform, storeId: string): Promise<string | null> {
  if (!/^\d{1,20}$/.test(storeId)) return null;
  const { rows } = await system.query<{ id: string }>("select id from channel_connection where platform = $1 and settings->>'storeId' = $2 and status = 'ACTIVE' limit 2", [platform, storeId]);
  return rows.length === 1 ? rows[0]!.id : null;
}
