import { z } from 'zod';
import { defineEvent } from '../define-event.js';
import { currency, id } from '../fields.js';

export const orderFiguresChanged = defineEvent(
  'orders.order-figures-changed.v1',
  { summary: "A channel's figures of a day have changed; live views read them anew.", subject: (data) => `${data.connectionId}/${data.day}` },
  z.object({ connectionId: id, /** By the merchant's time zone, YYYY-MM-DD. */ day: z.iso.date(), currency }),
);
