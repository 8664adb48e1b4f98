import { z } from 'zod';
import { defineEvent } from '../define-event.js';
import { currency, id, minor } from '../fields.js';

export const floorPriceChanged = defineEvent(
  'catalog.floor-price-changed.v1',
  {
    summary: 'A SKU is not to be sold below this from now on, everywhere or in one channel, whose own word goes before the general one.',
    subject: (data) => `${data.skuId}/${data.connectionId ?? ''}/${data.currency}`,
  },
  // `amountMinor`: null where the floor was taken away.
  z.object({ skuId: id, connectionId: id.nullable(), currency, amountMinor: minor.nullable() }),
);
