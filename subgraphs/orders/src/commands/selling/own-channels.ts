import { newId, type Id } from '@quanyu/ids';
import { isCurrency } from '@quanyu/money';
import { once, refuse, type GraphContext, type Refusal } from '@quanyu/subgraph';
import { OwnChannel, type OwnChannelRow } from '../../entities/own-channel.entity.js';
import type { OrdersErrorCode } from '../../errors.js';

export interface NewOwnChannel {
  readonly kind: OwnChannelRow['kind'];
  readonly name: string;
  readonly currency: string;
  readonly shippingMinor: number;
  readonly freeShippingFromMinor: number | null;
  readonly idempotencyKey: string;
}

/** Opens a place where we sell ourselves; its id is a channel's, so rights, figures and books treat it as one. */
export function openOwnChannel(ctx: GraphContext, input: NewOwnChannel): Promise<{ readonly kind: 'done'; readonly connectionId: Id<'con'> } | Refusal<OrdersErrorCode>> {
  const { tenantId } = ctx.viewer;
  return ctx.write('open-own-channel', (em) => once(em, tenantId, { mutation: 'openOwnChannel', key: input.idempotencyKey, input }, async () => {
    const { idempotencyKey: _key, ...row } = input;
    if (row.name.trim() === '' || row.name.length > 100) return refuse('NAME_INVALID', 'name');
    if (!isCurrency(row.currency)) return refuse('CURRENCY_UNKNOWN', 'currency');
    if (row.shippingMinor < 0 || (row.freeShippingFromMinor ?? 0) < 0) return refuse('AMOUNT_TOO_LARGE', 'shipping');
    const connectionId = newId('con');
    em.create(OwnChannel, { connectionId, tenantId, ...row, isOpen: true });
    return Promise.resolve({ kind: 'done' as const, connectionId });
  }));
}

/** Opens or closes it: a closed one takes no new orders. */
export function switchOwnChannel(ctx: GraphContext, { connectionId, isOpen }: { readonly connectionId: string; readonly isOpen: boolean }): Promise<{ readonly kind: 'done'; readonly connectionId: string } | Refusal<OrdersErrorCode>> {
  return ctx.write('switch-own-channel', async (em) => {
    const channel = await em.findOne(OwnChannel, { connectionId: connectionId as never });
    if (channel === null || !ctx.viewer.seesChannel(connectionId)) return refuse('CHANNEL_NOT_FOUND', 'channelId');
    channel.isOpen = isOpen;
    return { kind: 'done', connectionId };
  });
}
