import type { SubgraphDeps } from '@quanyu/subgraph';
import type { Channel, WebhookConnection } from '../channels/channel.js';
import { CHANNELS, type Platform } from '../channels/channels.js';
import { liveSecrets } from '../domain/live-secrets.js';
import type { StoredSecret } from '../entities/channel-connection.entity.js';
import { accountSeal, secretSeal } from '../seal-contexts.js';

export interface FoundConnection extends WebhookConnection {
  readonly tenantId: string;
  /** Of what a webhook is verified by: changes with any of it. */
  readonly print: string;
  /** Not just asked for, but as it was for an earlier webhook: what it says counts when it is stored with its print, and a refusal by it does not. */
  readonly remembered: boolean;
}

/** In SQL, of a `channel_connection c`. */
export const CONNECTION_PRINT = 'md5(row(c.status, c.platform, c.shop_domain, c.sealed_secrets, c.settings, c.sealed_account)::text)';

/** Shops whose webhooks come often are few beside these; one that is forgotten costs a question. */
const MOST_REMEMBERED = 2_000;

interface Row { print: string; id: string; platform: Platform; tenantId: string; shopDomain: string | null; sealedSecrets: StoredSecret[]; settings: Record<string, string>; sealedAccount: string | null }

/**
 * The active connections that webhooks' paths name: asked as the system role, since their tenants are what we look for.
 * A disabled one is as good as none: nothing of it is stored, and the platform tries again for hours. Those that are asked
 * for at the same time are one question. What was found is remembered, sealed as it came, to verify the next webhook by; the
 * statement that stores it looks whether all of that still holds, so who is disabled is refused at once.
 */
export class WebhookConnections {
  #next: { readonly ids: Set<string>; readonly rows: Promise<ReadonlyMap<string, Row>> } | undefined;
  #last: Promise<unknown> = Promise.resolve();
  readonly #remembered = new Map<string, Row>();

  constructor(private readonly deps: Pick<SubgraphDeps, 'database' | 'vault'>) {}

  /** As it was when last asked for; null where it was not. */
  remembered(platform: Platform, id: string): FoundConnection | null {
    const row = this.#remembered.get(id);
    return row === undefined || row.platform !== platform ? null : opened(this.deps, row, true);
  }

  /** As it is now. */
  async find(platform: Platform, id: string): Promise<FoundConnection | null> {
    this.#next ??= this.#open();
    const { ids, rows } = this.#next;
    ids.add(id);
    const row = (await rows).get(id);
    this.#remember(id, row);
    return row === undefined || row.platform !== platform ? null : opened(this.deps, row, false);
  }

  #remember(id: string, row: Row | undefined): void {
    this.#remembered.delete(id);
    if (row === undefined) return;
    this.#remembered.set(id, row);
    if (this.#remembered.size > MOST_REMEMBERED) this.#remembered.delete(this.#remembered.keys().next().value!);
  }

  #open(): { ids: Set<string>; rows: Promise<ReadonlyMap<string, Row>> } {
    const ids = new Set<string>();
    const rows = this.#last.then(async () => {
      this.#next = undefined;
      const { rows: found } = await this.deps.database.system.query<Row>({
        name: 'webhook-connections',
        text: `select id, platform, tenant_id as "tenantId", shop_domain as "shopDomain", sealed_secrets as "sealedSecrets", settings, sealed_account as "sealedAccount", ${CONNECTION_PRINT} as print
               from channel_connection c where id = any($1::text[]) and status = 'ACTIVE'`,
        values: [[...ids]],
      });
      return new Map(found.map((row) => [row.id, row]));
    });
    this.#last = rows.catch(() => undefined);
    return { ids, rows };
  }
}

/** One connection, for who asks for no more. */
export const webhookConnection = (deps: Pick<SubgraphDeps, 'database' | 'vault'>, platform: Platform, id: string): Promise<FoundConnection | null> => new WebhookConnections(deps).find(platform, id);

function opened({ vault }: Pick<SubgraphDeps, 'vault'>, { id, tenantId, platform, shopDomain, sealedSecrets, settings, sealedAccount, print }: Row, remembered: boolean): FoundConnection {
  // Opened where a platform signs with what also opens it, and nowhere else.
  const { hintsOf, signsWithAccount } = CHANNELS[platform] as Channel;
  const account = sealedAccount === null || (hintsOf === undefined && signsWithAccount !== true) ? null
    : { shopDomain, settings, secrets: JSON.parse(vault.open(sealedAccount, accountSeal(tenantId, id))) as Record<string, string> };
  return { tenantId, print, remembered, shopDomain, account, secrets: liveSecrets(sealedSecrets, new Date()).map(({ sealed }) => vault.open(sealed, secretSeal(tenantId, id))) };
}

/** The active connection of a shop that is named by its number there; null where there is none, or more than one. */
export async function connectionOfStore({ system }: Pick<SubgraphDeps['database'], 'system'>, platform: Platform, storeId: string): Promise<string | null> {
  if (!/^\d{1,20}$/.test(storeId)) return null;
  const { rows } = await system.query<{ id: string }>("select id from channel_connection where platform = $1 and settings->>'storeId' = $2 and status = 'ACTIVE' limit 2", [platform, storeId]);
  return rows.length === 1 ? rows[0]!.id : null;
}
