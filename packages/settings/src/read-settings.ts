import { Fault, type Setting } from './setting.js';

/** The settings of a process by the names of their variables. */
export type SettingsTable = Readonly<Record<string, Setting<unknown>>>;

/** What a table reads to. */
export type Values<Table extends SettingsTable> = { readonly [Name in keyof Table]: Table[Name] extends Setting<infer T> ? T : never };

type Environment = Readonly<Record<string, string | undefined>>;

/** A process that cannot start with what it was given; the message has one sentence a fault, all at once. */
export class SettingsError extends Error {
  /** Tells those who print or log it that the message is ours throughout. */
  readonly safeMessage = true;

  constructor(readonly faults: readonly string[]) {
    super(faults.join('\n'));
    this.name = 'SettingsError';
  }
}

/**
 * Reads the settings of a table from an environment. A variable that is empty counts as not set, since compose files
 * pass on what they do not have as an empty text.
 * @param together further rules, over several settings: a sentence for each that is broken. Asked only when each for itself is right.
 * @throws SettingsError with all faults
 */
export function readSettings<Table extends SettingsTable>(table: Table, environment: Environment, together: (values: Values<Table>) => readonly string[] = () => []): Values<Table> {
  const faults: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, setting] of Object.entries(table)) {
    const given = environment[name]?.trim();
    if (given === undefined || given === '') {
      if (setting.fallback === undefined) faults.push(`${name} is not set: ${firstSentence(setting.what)} (${setting.form}).`);
      else values[name] = setting.fallback.value;
      continue;
    }
    const value = setting.read(given);
    if (value instanceof Fault) faults.push(`${name} ${value.reason}${setting.secret === true ? '' : `; it is "${given.slice(0, 100)}"`}.`);
    else values[name] = value;
  }
  if (faults.length === 0) faults.push(...together(values as Values<Table>));
  if (faults.length > 0) throw new SettingsError(faults);
  return values as Values<Table>;
}

const firstSentence = (words: string): string => words.split(/\.(?:\s|$)/)[0]!;
