import { channelProductTold } from '@quanyu/events';
import { on } from '@quanyu/outbox';
import { keepChannelProduct } from '../commands/keep-channel-product.js';

export const onChannelProductTold = on(channelProductTold, ({ em, tenantId }, { data }) => keepChannelProduct(em, tenantId, data));
