import { z } from 'zod';
import { defineEvent } from '../define-event.js';
import { currency, id } from '../fields.js';

export const tenantCreated = defineEvent(
  'access.tenant-created.v1',
  { summary: 'A merchant has been set up.', subject: (data) => data.tenantId },
  z.object({ tenantId: id, name: z.string(), timeZone: z.string(), baseCurrency: currency }),
);
