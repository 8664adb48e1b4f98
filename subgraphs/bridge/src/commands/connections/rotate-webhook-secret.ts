import { refuse, type GraphContext, type Refusal } from '@quanyu/subgraph';
import { liveSecrets, rotate } from '../../domain/live-secrets.js';
import type { BridgeErrorCode } from '../../errors.js';
import { lockChannel } from './lock-channel.js';
import { secretSeal } from '../../seal-contexts.js';
import { isWebhookSecret, newWebhookSecret } from './webhook-secret.js';

export interface RotateWebhookSecret { readonly channelId: string; readonly webhookSecret: string | null }
export type Rotated = { readonly kind: 'rotated'; readonly webhookSecret: string };

/** Gives a channel a new signing secret; the one before is good for a day more. */
export function rotateWebhookSecret(ctx: GraphContext, { channelId, webhookSecret }: RotateWebhookSecret): Promise<Rotated | Refusal<BridgeErrorCode>> {
  const { tenantId } = ctx.viewer;
  const { vault } = ctx.deps;
  const secret = webhookSecret ?? newWebhookSecret();
  return ctx.write('rotate-webhook-secret', async (em) => {
    const channel = await lockChannel(em, ctx.viewer, channelId);
    if (channel === null) return refuse('CHANNEL_NOT_FOUND', 'channelId');
    if (!isWebhookSecret(secret)) return refuse('WEBHOOK_SECRET_INVALID', 'webhookSecret');
    const now = new Date();
    const context = secretSeal(tenantId, channelId);
    if (liveSecrets(channel.sealedSecrets, now).some(({ sealed }) => vault.open(sealed, context) === secret)) return refuse('WEBHOOK_SECRET_UNCHANGED', 'webhookSecret');
    channel.sealedSecrets = rotate(channel.sealedSecrets, vault.seal(secret, context), now);
    return { kind: 'rotated', webhookSecret: secret };
  });
}
