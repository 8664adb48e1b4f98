import { z } from 'zod';
import { defineEvent } from '../define-event.js';
import { id } from '../fields.js';

export const rightsChanged = defineEvent(
  'access.rights-changed.v1',
  { summary: 'What somebody may do or see is no longer what it was; open connections of theirs are looked at again.', subject: (data) => data.subjectId },
  z.object({
    /** The staff member, or the partner key. */
    subjectId: id,
  }),
);
