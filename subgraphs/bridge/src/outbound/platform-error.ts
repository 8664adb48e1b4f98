/** What can go wrong in a call to an outside platform. */
export type PlatformErrorCode =
  /** No connection, or it broke. */
  | 'PLATFORM_UNREACHABLE'
  | 'PLATFORM_TIMEOUT'
  /** It answered that it has a fault of its own. */
  | 'PLATFORM_DOWN'
  /** Too many calls; `retryAfterMs` says how long to wait. */
  | 'THROTTLED'
  /** So many calls failed that no more are tried for a while. */
  | 'CIRCUIT_OPEN'
  /** So many calls are under way that no more are taken. */
  | 'TOO_MANY_CALLS'
  /** Token or key is wrong, expired, or lacks a right: a person must act. */
  | 'CREDENTIALS_REFUSED'
  /** It does not have the key that we know it by: it is another server, or its key is a new one. Nothing was told to it. */
  | 'HOST_KEY_CHANGED'
  /** The platform understood and said no. */
  | 'REQUEST_REFUSED'
  | 'NOT_FOUND'
  /** The answer is not what the protocol says, or is not signed. */
  | 'ANSWER_INVALID'
  /** The address is not of the public internet or not the platform's. */
  | 'ADDRESS_NOT_ALLOWED'
  /** What was to be sent holds data that never leaves for a shop; nothing was sent. `platformCode` says of what kind, and where. */
  | 'PUSH_WOULD_LEAK';

const PASSING: readonly PlatformErrorCode[] = ['PLATFORM_UNREACHABLE', 'PLATFORM_TIMEOUT', 'PLATFORM_DOWN', 'THROTTLED', 'CIRCUIT_OPEN', 'TOO_MANY_CALLS'];

export interface PlatformErrorDetails {
  readonly host?: string;
  readonly status?: number;
  /** The platform's own code: never its message, which may quote what we sent. */
  readonly platformCode?: string;
  readonly retryAfterMs?: number;
  readonly cause?: unknown;
}

/** A call to a platform that did not succeed; `passing` when the same call may succeed later. */
export class PlatformError extends Error {
  override readonly name = 'PlatformError';
  readonly passing: boolean;
  /** A person has to mend something, and what was to be done goes on then. */
  readonly needsPerson: boolean;
  readonly retryAfterMs: number | null;

  constructor(readonly code: PlatformErrorCode, readonly details: PlatformErrorDetails = {}) {
    super([code, details.status, details.platformCode].filter((part) => part !== undefined).join(' '), { cause: details.cause });
    this.passing = PASSING.includes(code);
    this.needsPerson = code === 'CREDENTIALS_REFUSED' || code === 'HOST_KEY_CHANGED';
    this.retryAfterMs = details.retryAfterMs ?? null;
  }
}
