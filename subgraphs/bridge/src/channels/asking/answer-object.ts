import { PlatformError } from '../../outbound/platform-error.js';
import { parseJson } from '../reading/parse-json.js';

export type JsonObject = Readonly<Record<string, unknown>>;

/** The list of this name in an answer: without it nobody has told that there is nothing. @throws PlatformError `ANSWER_INVALID` */
export function listIn<Item>(answer: JsonObject, ...names: readonly string[]): readonly Item[] {
  const list = names.map((name) => answer[name]).find((value) => Array.isArray(value));
  if (list === undefined) throw new PlatformError('ANSWER_INVALID');
  return list as readonly Item[];
}

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
