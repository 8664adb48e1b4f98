import { PlatformError } from '../outbound/platform-error.js';
import { parseJson } from './parse-json.js';

export type JsonObject = Readonly<Record<string, unknown>>;

/** The JSON object that an answer is, numbers as text. @throws PlatformError `ANSWER_INVALID` for all else */
export function answerObject(body: Buffer): JsonObject {
  let read: unknown;
  try {
    read = parseJson(body);
  } catch (cause) {
    throw new PlatformError('ANSWER_INVALID', { cause });
  }
  if (typeof read !== 'object' || read === null || Array.isArray(read)) throw new PlatformError('ANSWER_INVALID');
  return read as JsonObject;
}
