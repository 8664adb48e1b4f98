import { JobError } from './errors.js';

/** What a queue may hold: ids, numbers, booleans, short codes, and lists of these. */
export type JobPayload = Readonly<Record<string, JobValue | readonly JobValue[]>>;
type JobValue = string | number | boolean;

const SHORT = /^[A-Za-z0-9_:.-]{1,80}$/;
const KEY = /^[A-Za-z][A-Za-z0-9_]{0,39}$/;
const LIST_MAX = 500;

/**
 * Refuses a payload that could carry personal data: whatever is not an id, a number, a boolean, a short code or a flat
 * list of these. Names, addresses, e-mails and `+86…` numbers do not pass; a phone number written in bare digits looks
 * like an external id and does, so this is a net and not a proof.
 *
 * @throws JobError JOB_PAYLOAD_NOT_IDS, naming the key and never the value
 */
export function assertIdsOnly(payload: unknown): asserts payload is JobPayload {
  if (!isPlainObject(payload)) throw new JobError('JOB_PAYLOAD_NOT_IDS', 'the payload is no plain object');
  for (const [key, value] of Object.entries(payload)) {
    // A key can be as telling as a value, so a bad one is not repeated.
    if (!KEY.test(key)) throw new JobError('JOB_PAYLOAD_NOT_IDS', 'a key is no plain word');
    const values: readonly unknown[] = Array.isArray(value) ? value : [value];
    if (values.length > LIST_MAX || !values.every(isShort)) throw new JobError('JOB_PAYLOAD_NOT_IDS', key);
  }
}

/** Whether a text can be a job name or a job id. */
export function isShortWord(text: string): boolean {
  return SHORT.test(text);
}

function isShort(value: unknown): value is JobValue {
  return typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value)) || (typeof value === 'string' && SHORT.test(value));
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
