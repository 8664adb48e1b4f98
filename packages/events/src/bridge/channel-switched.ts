import { z } from 'zod';
import { defineEvent } from '../define-event.js';
import { id } from '../fields.js';

export const channelSwitched = defineEvent(
  'bridge.channel-switched.v1',
  { summary: 'A channel was disabled, by somebody or because its shop has removed our app, or was enabled again.', subject: (data) => data.connectionId },
  z.object({ connectionId: id, status: z.enum(['ACTIVE', 'DISABLED']) }),
);
