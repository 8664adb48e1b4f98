import { yearCardChanged } from '@quanyu/events';
import { on } from '@quanyu/outbox';
import { takeYearCard } from '../commands/shipping/shipping-settings.js';

export const onYearCardChanged = on(yearCardChanged, ({ em, tenantId }, { data, sequence }) => takeYearCard(em, tenantId, data, sequence));
