import type { SubgraphDeps } from '@quanyu/subgraph';
import { CHANNELS, type Platform } from '../../channels/channels.js';
import type { Account, Client, Connector } from '../../channels/connector.js';
import type { ChannelFlow } from '../../domain/channel-flows.js';
import { endsSoon } from '../../domain/token-plan.js';
import { PlatformError } from '../../outbound/platform-error.js';
import type { Shops } from '../../outbound/shops.js';
import { channelAccount } from '../../queries/channel-account.js';
import type { StreamRef } from '../../queries/due-streams.js';
import { renewToken, tokenOf } from './renew-token.js';

export interface OpenShop {
  readonly client: Client; readonly connector: Connector; readonly platform: Platform;
  /** Ours that follows what it counts; null where none does. */
  readonly locationId: string | null;
  readonly flows: readonly ChannelFlow[];
  readonly settings: Readonly<Record<string, string>>;
}

/**
 * The client of a channel's shop; null when it is disabled, switched off, or nobody has filled in what opens it. A token
 * that is about to end is renewed before it is used, one that is refused is renewed and the call made once more: it was
 * refused before it was looked at.
 */
export async function openShop(deps: Pick<SubgraphDeps, 'database' | 'vault'>, shops: Shops, ref: StreamRef, options: { readonly guarded?: boolean } = {}): Promise<OpenShop | null> {
  const opened = await channelAccount(deps, ref.tenantId, ref.connectionId);
  if (opened === null) return null;
  const { platform, account, token, flows } = opened;
  const connector: Connector | null = CHANNELS[platform].connector;
  const locationId = account.settings['locationId'] || null;
  const openWith = (current: Account): Client | null => shops.open(ref.connectionId, { platform, account: current }, options);
  const client = openWith(account);
  if (connector === null || client === null) return null;
  if (connector.renew === undefined) return { client, connector, platform, locationId, flows, settings: account.settings };
  const renew = (spent: string): Promise<Account | null> => renewToken(deps, shops, ref, spent);
  const first = endsSoon(token, new Date()) ? await renew(tokenOf(account)) ?? account : account;
  return { client: renewing(first, openWith, ['check', ...connector.capabilities], renew), connector, platform, locationId, flows, settings: account.settings };
}

type Method = (...values: readonly unknown[]) => Promise<unknown>;

/** A client whose calls survive the end of its token. */
function renewing(first: Account, open: (account: Account) => Client | null, methods: readonly (keyof Client)[], renew: (spent: string) => Promise<Account | null>): Client {
  let current = { account: first, client: open(first)! };
  const call = async (name: keyof Client, values: readonly unknown[]): Promise<unknown> => {
    const { account, client } = current;
    try {
      return await (client[name] as Method)(...values);
    } catch (error) {
      if (!(error instanceof PlatformError) || error.code !== 'CREDENTIALS_REFUSED') throw error;
      const next = await renew(tokenOf(account));
      const opened = next === null ? null : open(next);
      if (next === null || opened === null) throw error;
      current = { account: next, client: opened };
      return (opened[name] as Method)(...values);
    }
  };
  return Object.fromEntries(methods.map((name) => [name, (...values: readonly unknown[]) => call(name, values)])) as unknown as Client;
}
