import type { SettingsTable } from './read-settings.js';

/** A table of settings in Markdown, for docs/configuration.md. */
export function describeSettings(table: SettingsTable): string {
  const rows = Object.entries(table).map(([name, { what, form, fallback, secret }]) =>
    [`\`${name}\``, `${what}${secret === true ? ' Secret.' : ''}`, form, fallback === undefined ? '**must be set**' : fallback.shown].map(cell).join(' | '));
  return ['| variable | what | form | when not set |', '|---|---|---|---|', ...rows.map((row) => `| ${row} |`)].join('\n');
}

const cell = (words: string): string => words.replaceAll('|', '\\|');
