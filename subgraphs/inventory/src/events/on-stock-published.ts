import { stockPublished } from '@quanyu/events';
import { on } from '@quanyu/outbox';
import { recordPublishOutcome } from '../commands/publishing/record-publish-outcome.js';

export const onStockPublished = on(stockPublished, ({ em, tenantId }, { data }) => recordPublishOutcome(em, tenantId, data));
