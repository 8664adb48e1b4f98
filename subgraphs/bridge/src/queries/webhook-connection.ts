import type { SubgraphDeps } from '@quanyu/subgraph';
import type { Platform } from '../channels/channels.js';
import { liveSecrets } from '../domain/live-secrets.js';
import type { StoredSecret } from '../entities/channel-connection.entity.js';
import { secretSeal } from '../seal-contexts.js';

export interface WebhookConnection {
  readonly tenantId: string;
  readonly shopDomain: string | null;
  /** In clear: for verifying, and for no other use. */
  readonly secrets: readonly string[];
}

/**
 * The active connection that a webhook's path names: asked as the system role, since its tenant is what we look for.
 * A disabled one is as good as none: nothing of it is stored, and the platform tries again for hours.
 */
export async function webhookConnection({ database, vault }: Pick<SubgraphDeps, 'database' | 'vault'>, platform: Platform, id: string, now: Date): Promise<WebhookConnection | null> {
  const { rows: [row] } = await database.system.query<{ tenantId: string; shopDomain: string | null; sealedSecrets: StoredSecret[] }>({
    name: 'webhook-connection',
    text: `select tenant_id as "tenantId", shop_domain as "shopDomain", sealed_secrets as "sealedSecrets"
           from channel_connection where id = $1 and platform = $2 and status = 'ACTIVE'`,
    values: [id, platform],
  });
  if (row === undefined) return null;
  const { tenantId, shopDomain, sealedSecrets } = row;
  return { tenantId, shopDomain, secrets: liveSecrets(sealedSecrets, now).map(({ sealed }) => vault.open(sealed, secretSeal(tenantId, id))) };
}
