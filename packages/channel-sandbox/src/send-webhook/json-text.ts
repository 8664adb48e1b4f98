/**
 * Cuts the members of an object, or the elements of an array, out of a JSON text as they are written there. Parsing and
 * writing them anew would change ids beyond 2^53, and with them what the shop sent.
 *
 * `json` must be valid; keys of elements are their indexes.
 */
export function textParts(json: string): Map<string, string> {
  const text = json.trim();
  const parts = new Map<string, string>();
  for (const [index, part] of topLevelParts(text.slice(1, -1)).entries()) {
    if (text.startsWith('[')) parts.set(String(index), part.trim());
    else {
      const [, key = '""'] = /^\s*("(?:[^"\\]|\\.)*")\s*:/.exec(part) ?? [];
      parts.set(JSON.parse(key) as string, part.slice(part.indexOf(key) + key.length).replace(/^\s*:/, '').trim());
    }
  }
  return parts;
}

function topLevelParts(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  // A whole string literal, or one character that matters outside of them.
  for (const { 0: token, index } of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{},]/gs)) {
    if (token === '[' || token === '{') depth += 1;
    else if (token === ']' || token === '}') depth -= 1;
    else if (token === ',' && depth === 0) {
      parts.push(text.slice(start, index));
      start = index + 1;
    }
  }
  if (text.slice(start).trim() !== '') parts.push(text.slice(start));
  return parts;
}
