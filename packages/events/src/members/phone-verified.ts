import { z } from 'zod';
import { defineEvent } from '../define-event.js';
import { id } from '../fields.js';

export const phoneVerified = defineEvent(
  'members.phone-verified.v1',
  { summary: "A member's phone number is known to be theirs: what they bought with it as a guest is theirs too.", subject: (data) => data.memberId },
  z.object({ memberId: id, /** Keyed hash; the number itself is in no event. */ phoneIndex: z.string() }),
);
