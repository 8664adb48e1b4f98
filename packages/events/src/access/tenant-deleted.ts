import { z } from 'zod';
import { defineEvent } from '../define-event.js';
import { id } from '../fields.js';

export const tenantDeleted = defineEvent(
  'access.tenant-deleted.v1',
  { summary: 'Who runs the house has shut a merchant for good: its channels are switched off. Its rows stay, so it can be restored.', subject: (data) => data.tenantId },
  z.object({ tenantId: id }),
);

export const tenantRestored = defineEvent(
  'access.tenant-restored.v1',
  { summary: 'A merchant that was deleted is there again: the channels that were switched off with it are switched on.', subject: (data) => data.tenantId },
  z.object({ tenantId: id }),
);
