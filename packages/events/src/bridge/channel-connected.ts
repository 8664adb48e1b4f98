import { z } from 'zod';
import { defineEvent } from '../define-event.js';
import { id } from '../fields.js';

export const channelConnected = defineEvent(
  'bridge.channel-connected.v1',
  { summary: 'A shop of an outside platform has been connected.', subject: (data) => data.connectionId },
  z.object({ connectionId: id, platform: z.string(), name: z.string() }),
);
