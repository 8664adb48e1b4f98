import type { EventChange } from './event-contracts.js';
import type { GraphChange } from './graph-changes.js';

const TITLE = `# What changed

For those who ask the graph and for those who take events in. Written by \`npm run schema\` from the difference to the last release (\`schema/released\`); do not edit.
`;
const NEXT = '## Not released yet';

/** The page: what is new since the last release, then the releases that were, as they were written. */
export function changelog(before: string, changes: readonly GraphChange[], events: readonly EventChange[]): string {
  return [TITLE, `${NEXT}\n\n${section(changes, events)}`, ...releases(before)].join('\n').trimEnd() + '\n';
}

/**
 * The page on the day of a release: what was new now stands under its version. A version that is released once more,
 * since it had not left the house yet, keeps what stands there.
 */
export function releasedChangelog(before: string, version: string, day: string, changes: readonly GraphChange[], events: readonly EventChange[]): string {
  if (releases(before).some((part) => part.startsWith(`## ${version} (`))) return changelog(before, [], []);
  return changelog([TITLE, `## ${version} (${day})\n\n${section(changes, events)}`, ...releases(before)].join('\n'), [], []);
}

function section(changes: readonly GraphChange[], events: readonly EventChange[]): string {
  const parts: [string, readonly string[]][] = [
    ['Breaks', changes.filter(({ weight }) => weight === 'break').map(({ message }) => message)],
    ['Look at', changes.filter(({ weight }) => weight === 'care').map(({ message }) => message)],
    ['Leave', changes.filter(({ kind }) => kind.includes('DEPRECATION')).map(({ message }) => message)],
    ['New', changes.filter(({ weight, kind }) => weight === 'free' && !kind.includes('DEPRECATION')).map(({ message }) => message)],
    ['Events', events.map(({ message }) => message)],
  ];
  const filled = parts.filter(([, lines]) => lines.length > 0);
  return filled.length === 0 ? 'Nothing.\n' : filled.map(([title, lines]) => `### ${title}\n\n${lines.map((line) => `- ${asCode(line)}`).join('\n')}\n`).join('\n');
}

/** The names in quotes, as code. */
const asCode = (message: string): string => message.replaceAll(/'([^']+)'/g, '`$1`');

/** The sections of a page from the first released one on. */
const releases = (page: string): string[] => {
  const sections = page.split(/^(?=## )/m).filter((part) => part.startsWith('## ') && !part.startsWith(NEXT));
  return sections.map((part) => `${part.trimEnd()}\n`);
};
