// Orders of members with a year card are sent within 24 hours of their confirmation; four hours before that a person is told.

const HOUR_MS = 3_600_000;
export const SEND_HOURS = 24;
export const WARN_HOURS = 20;

/** Until when an order of a member with a year card is to be sent. */
export const sendBy = (confirmedAt: Date): Date => new Date(confirmedAt.getTime() + SEND_HOURS * HOUR_MS);
