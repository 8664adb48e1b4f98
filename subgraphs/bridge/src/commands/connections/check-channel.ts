import { refuse, type GraphContext, type Refusal } from '@quanyu/subgraph';
import type { Checked } from '../../channels/connector.js';
import type { BridgeErrorCode } from '../../errors.js';
import { PlatformError } from '../../outbound/platform-error.js';
import type { Shops } from '../../outbound/shops.js';
import { openShop } from './open-shop.js';

/** Connects, signs in and fetches: whether a channel could work now. Nothing is kept, and no transaction is open meanwhile. */
export async function checkChannel(ctx: GraphContext, shops: Shops, channelId: string): Promise<{ readonly kind: 'checked'; readonly shop: Checked } | Refusal<BridgeErrorCode>> {
  if (!ctx.viewer.seesChannel(channelId)) return refuse('CHANNEL_NOT_FOUND', 'channelId');
  try {
    const shop = await openShop(ctx.deps, shops, { tenantId: ctx.viewer.tenantId, connectionId: channelId });
    if (shop === null) return refuse('ACCOUNT_MISSING', 'channelId');
    return { kind: 'checked', shop: await shop.client.check() };
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    return refuse(error.passing ? 'SHOP_UNREACHABLE' : 'SHOP_REFUSES', 'channelId');
  }
}
