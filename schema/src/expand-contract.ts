import { listedValues, type Constraint, type Table, type Tables } from './tables.js';

/** What two releases that overlap need to know of each other. */
export interface Overlap {
  /** The tables as the last release's migrations leave them. */
  readonly before: Tables;
  /** The tables as all migrations leave them. */
  readonly after: Tables;
  /** Whether the last release's code names a column, table or constraint. */
  readonly names: (word: string) => boolean;
  /** The SQL of the migrations that came since; a line `-- safe for the release before: NAME: why` excuses one fault. */
  readonly migrations: readonly string[];
}

/** What is at fault, as `table.column`, and why. */
interface Fault { readonly subject: string; readonly why: string }

/**
 * What the migrations since the last release take from its code, one sentence each with how to do it in two releases.
 * While a release rolls out, and after one is taken back, the last release's code works on these tables.
 */
export function contractedTooEarly({ before, after, names, migrations }: Overlap): string[] {
  const excused = new Set(migrations.flatMap((sql) => [...sql.matchAll(/^-- safe for the release before: ([\w.]+): \S.*$/gm)].map(([, subject]) => subject)));
  const faults = Object.entries(before).flatMap(([name, table]) => {
    const now = after[name];
    if (now === undefined) return names(name) ? [{ subject: name, why: `the table is gone, but the released code names it. ${DROP}` }] : [];
    return [...lostColumns(name, table, now, names), ...newDemands(name, table, now), ...constraintFaults(name, table, now, names), ...lostRights(name, table, now)];
  });
  return faults.filter(({ subject }) => !excused.has(subject)).map(({ subject, why }) => `${subject}: ${why}`);
}

const DROP = 'Expand and contract: release code that no longer names it, then drop it in the release after.';
const RENAME_OR_CONVERT = 'Expand and contract: add a new column, write both and read the new one in this release, drop the old one in the release after.';
const FILL = 'Expand and contract: give it a default or let it be null in this release, and tighten it in the release after, when all code fills it.';

function lostColumns(table: string, before: Table, after: Table, names: Overlap['names']): Fault[] {
  return Object.entries(before.columns).flatMap(([name, was]): Fault[] => {
    const subject = `${table}.${name}`;
    const is = after.columns[name];
    const used = names(name);
    if (is === undefined) return used ? [{ subject, why: `the column is gone, but the released code names it. ${DROP}` }] : [];
    if (is.type !== was.type && used) return [{ subject, why: `the column was ${was.type} and is ${is.type}, but the released code reads and writes it as it was. ${RENAME_OR_CONVERT}` }];
    if (is.notNull && !was.notNull && (used || !is.filled)) return [{ subject, why: `the column may no longer be null, but the released code may leave it so. ${FILL}` }];
    if (is.notNull && was.filled && !is.filled) return [{ subject, why: `the column has lost its default, but the released code relies on it. ${FILL}` }];
    return [];
  });
}

const newDemands = (table: string, before: Table, after: Table): Fault[] =>
  Object.entries(after.columns).filter(([name, column]) => !(name in before.columns) && column.notNull && !column.filled)
    .map(([name]) => ({ subject: `${table}.${name}`, why: `the new column is not null and has no default, but the released code does not fill it. ${FILL}` }));

function constraintFaults(table: string, before: Table, after: Table, names: Overlap['names']): Fault[] {
  const old = (constraint: Constraint): boolean => constraint.columns.every((column) => column in before.columns);
  const same = (a: Constraint, b: Constraint): boolean => a.definition === b.definition || widens(a, b);
  const tightened = Object.entries(after.constraints)
    .filter(([, now]) => old(now) && !Object.values(before.constraints).some((was) => same(was, now)))
    .map(([name, { definition }]) => ({ subject: `${table}.${name}`, why: `new rows must keep ${definition}, but the released code does not know. Expand and contract: let the code keep it in this release, and add it in the release after.` }));
  const lost = Object.entries(before.constraints).filter(([name, was]) => was.kind !== 'foreign' && was.columns.every((column) => column in after.columns)
    && (was.kind === 'check' ? names(name) && !(name in after.constraints) : !Object.values(after.constraints).some(({ definition }) => definition === was.definition)))
    .map(([name, { definition }]) => ({ subject: `${table}.${name}`, why: `${definition} is gone, but the released code may rely on it (\`on conflict\`, or the name in an error). ${DROP}` }));
  return [...tightened, ...lost];
}

/** A check that lists values may list more: what the released code writes is still among them. */
function widens(was: Constraint, is: Constraint): boolean {
  const [less, more] = [listedValues(was), listedValues(is)];
  return less !== undefined && more !== undefined && was.columns.join() === is.columns.join() && less.every((value) => more.includes(value));
}

const lostRights = (table: string, before: Table, after: Table): Fault[] =>
  before.rights.filter((right) => !after.rights.includes(right))
    .map((right) => ({ subject: `${table}.${right.replace(' ', '_')}`, why: `the ${right.split(' ')[0]} role may no longer ${right.split(' ')[1]}, but the released code does. ${DROP}` }));
