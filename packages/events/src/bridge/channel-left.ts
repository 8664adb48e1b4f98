import { z } from 'zod';
import { defineEvent } from '../define-event.js';
import { id } from '../fields.js';

export const channelLeft = defineEvent(
  'bridge.channel-left.v1',
  { summary: 'Somebody has had a channel left for good: its keys are forgotten, its mirrors follow. It is kept in the audit log.', subject: (data) => data.connectionId },
  z.object({ connectionId: id, platform: z.string(), name: z.string(), actorId: z.string(), reason: z.string().max(200) }),
);
