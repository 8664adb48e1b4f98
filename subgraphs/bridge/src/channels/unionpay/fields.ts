import type { Parameters } from '../signing/digests.js';

/**
 * The fields of an answer: `name=value&…` with nothing encoded, so that a certificate is there as it is and `&` within
 * braces or brackets belongs to a value. Null for what is not of that form.
 */
export function answerFields(body: Buffer): Parameters | null {
  const fields: Record<string, string> = {};
  for (const part of partsOf(body.toString())) {
    const at = part.indexOf('=');
    if (at < 1 || !/^\w+$/.test(part.slice(0, at))) return null;
    fields[part.slice(0, at)] = part.slice(at + 1);
  }
  return fields;
}

function partsOf(text: string): string[] {
  const parts: string[] = [];
  let [start, depth] = [0, 0];
  for (let i = 0; i < text.length; i += 1) {
    if (text[i] === '{' || text[i] === '[') depth += 1;
    else if (text[i] === '}' || text[i] === ']') depth -= 1;
    else if (text[i] === '&' && depth === 0) { parts.push(text.slice(start, i)); start = i + 1; }
  }
  return [...parts, text.slice(start)];
}

/** The fields of a notification, a form as browsers send it. */
export const formFields = (body: Buffer): Parameters => Object.fromEntries(new URLSearchParams(body.toString()));
