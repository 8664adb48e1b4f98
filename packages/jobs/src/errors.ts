const MESSAGES = {
  JOB_UNKNOWN: 'no job of this name is registered in this process',
  JOB_DUPLICATE_NAME: 'two jobs were registered under one name',
  JOB_NAME_INVALID: 'a job name or job id has characters outside A-Z a-z 0-9 _ : . - or is too long',
  JOB_PAYLOAD_NOT_IDS: 'a job payload may carry ids, numbers, booleans and short codes only',
  JOB_PAYLOAD_INVALID: 'the payload of a job does not fit its definition',
  JOB_CRON_INVALID: 'the cron expression or time zone of a schedule cannot be read',
  JOBS_STARTED: 'jobs are registered before start, and started once',
  JOBS_STOPPED: 'jobs were stopped and take nothing more',
} as const;

/** Codes of {@link JobError}. */
export type JobErrorCode = keyof typeof MESSAGES;

/** A misuse of the queue. Its message never holds a payload value, only the name or path that is wrong. */
export class JobError extends Error {
  readonly code: JobErrorCode;
  /** Tells the log that the message is ours throughout. */
  readonly safeMessage = true;

  constructor(code: JobErrorCode, where?: string) {
    super(where === undefined ? MESSAGES[code] : `${MESSAGES[code]}: ${where}`);
    this.name = 'JobError';
    this.code = code;
  }
}

// A word, or the five characters of an SQLSTATE.
const CODE = /^([A-Za-z][A-Za-z0-9_]{0,59}|[0-9A-Z]{5})$/;

/** What is kept of an error in the queue's tables: a code, since messages may carry what a customer typed. */
export function storedReason(error: unknown): string {
  const { code, name } = (typeof error === 'object' && error !== null ? error : {}) as { code?: unknown; name?: unknown };
  for (const word of [code, name]) if (typeof word === 'string' && CODE.test(word)) return word;
  return 'UNKNOWN_ERROR';
}
