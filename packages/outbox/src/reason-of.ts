const SCHEMA_WORD = /^[A-Za-z_][A-Za-z0-9_]{0,62}$/;

/**
 * Why something failed, for people: the error's name, its code, and the field or constraint that it met. Never its
 * message: a database's message quotes the row, and a row may hold what nobody should read here.
 */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'UNKNOWN';
  const { code, constraint, issues } = error as { code?: unknown; constraint?: unknown; issues?: unknown };
  return [error.name, code, constraint, pathOf(issues)].filter((word): word is string => typeof word === 'string' && word !== '').join(' ');
}

/** Where data first does not fit its schema. A key that is no word of a schema may be somebody's data. */
function pathOf(issues: unknown): string | undefined {
  const path: unknown = Array.isArray(issues) ? (issues[0] as { path?: unknown } | undefined)?.path : undefined;
  if (!Array.isArray(path)) return undefined;
  return path.map((step) => (typeof step === 'number' || (typeof step === 'string' && SCHEMA_WORD.test(step)) ? String(step) : '*')).join('.');
}
