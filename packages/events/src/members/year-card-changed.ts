import { z } from 'zod';
import { defineEvent } from '../define-event.js';
import { id, instant } from '../fields.js';

export const yearCardChanged = defineEvent(
  'members.year-card-changed.v1',
  { summary: "A member's year card begins, is renewed or is given back: their orders are sent first while it holds.", subject: (data) => data.memberId },
  z.object({ memberId: id, validFrom: instant, /** When it ends; before `validFrom` where it was given back. */ validUntil: instant }),
);
