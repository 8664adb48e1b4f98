import { refusal, statusOf } from '../errors.js';
import type { Language } from '../language.js';
import { presentError } from '../present-error.js';
import { stringifyResult } from './exchange.js';

const PLACE = '#request#';

/** What somebody is told who comes at a bad time: made once for each time to wait, since thousands may have to be told at once. */
const texts = new Map<string, readonly [string, string]>();

/** The status and the body of OVERLOADED. */
export function busyAnswer(requestId: string, language: Language, retryAfter: number): { readonly status: number; readonly text: string } {
  const key = `${language} ${retryAfter}`;
  let parts = texts.get(key);
  if (parts === undefined) {
    const presented = presentError(refusal('OVERLOADED', { retryAfter }), { requestId: PLACE, language, introspection: false });
    const [before = '', after = ''] = stringifyResult({ errors: [presented] }).split(PLACE);
    texts.set(key, (parts = [before, after]));
  }
  return { status: statusOf('OVERLOADED'), text: `${parts[0]}${requestId}${parts[1]}` };
}
