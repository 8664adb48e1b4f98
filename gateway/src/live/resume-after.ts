const CURSOR = /^\d{1,20}\.\d{1,19}$/;

/** The cursor that a client resumes after, `extensions.live.after` of its request; null for one that is none. */
export function resumeAfter(extensions: unknown): string | null | undefined {
  const after = (extensions as { live?: { after?: unknown } | null } | null | undefined)?.live?.after;
  if (after === undefined || after === null) return undefined;
  return typeof after === 'string' && CURSOR.test(after) ? after : null;
}
