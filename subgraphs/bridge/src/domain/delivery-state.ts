// A delivery is worked on until it has an outcome; an outcome is final unless a person asks for a replay. What is signed is VERIFIED as it is stored; what is not is RECEIVED, and only what is read at the platform counts.

export const DELIVERY_STATES = ['RECEIVED', 'VERIFIED', 'PROCESSING', 'DONE', 'FAILED', 'DEAD', 'IGNORED'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** What each state may become. PROCESSING may begin anew: whoever began it may have died. */
export const MOVES = {
  RECEIVED: ['PROCESSING'],
  VERIFIED: ['PROCESSING'],
  PROCESSING: ['PROCESSING', 'DONE', 'FAILED', 'DEAD', 'IGNORED'],
  FAILED: ['PROCESSING', 'RECEIVED', 'VERIFIED'],
  DONE: ['RECEIVED', 'VERIFIED'],
  DEAD: ['RECEIVED', 'VERIFIED'],
  IGNORED: ['RECEIVED', 'VERIFIED'],
} as const satisfies Record<DeliveryState, readonly DeliveryState[]>;

export const mayBecome = (from: DeliveryState, to: DeliveryState): boolean => (MOVES[from] as readonly DeliveryState[]).includes(to);

/** Why a delivery has the state it has. */
export const DELIVERY_REASONS = ['BODY_NOT_JSON', 'BODY_NOT_AN_ORDER', 'NO_LINES', 'TOPIC_NOT_HANDLED', 'TRANSLATION_FAILED', 'GAVE_UP', 'BODY_GONE', 'BODY_NOT_READABLE', 'NOTHING_OF_OURS', 'ECHO', 'CHANNEL_CLOSED', 'ADDRESS_NOT_ALLOWED'] as const;
export type DeliveryReason = (typeof DELIVERY_REASONS)[number];

/** Tries before a delivery that fails by our own fault waits for a person. */
export const MAX_ATTEMPTS = 5;

export const afterFailure = (attempts: number): 'FAILED' | 'DEAD' => (attempts < MAX_ATTEMPTS ? 'FAILED' : 'DEAD');

/** A body that was taken up this often and never came to an outcome most likely kills whoever reads it. */
export const isHopeless = (attempts: number): boolean => attempts > 2 * MAX_ATTEMPTS;
