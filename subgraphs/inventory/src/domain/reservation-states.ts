// How a hold can end: paid and shipped, given back, or out of time.

export const RESERVATION_STATES = ['HELD', 'CONFIRMED', 'CONSUMED', 'RELEASED', 'EXPIRED'] as const;
export type ReservationState = (typeof RESERVATION_STATES)[number];
