import { floorPriceChanged } from '@quanyu/events';
import { on } from '@quanyu/outbox';
import { learnFloor } from '../commands/intake/judge-prices.js';

export const onFloorPriceChanged = on(floorPriceChanged, ({ em, tenantId }, { data, sequence }) => learnFloor(em, tenantId, data, sequence));
