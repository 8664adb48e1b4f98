/** Why a door for services refuses: a code for the caller's log, and the status. */
export class DoorError extends Error {
  readonly safeMessage = true;
  constructor(readonly status: number, readonly code: string) {
    super(code);
    this.name = 'DoorError';
  }
}
