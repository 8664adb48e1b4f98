import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** One file of an example: whole, or the place where it changes. */
export interface Step {
  readonly path: string;
  readonly kind: 'file' | 'edit';
  readonly text: string;
}

/** The examples of CONTRIBUTING.md by their headings: each block of code that stands under a path. */
export function readExamples(markdown: string): Map<string, Step[]> {
  const sections = markdown.split(/^## /m).slice(1).map((section) => [section.slice(0, section.indexOf('\n')), section] as const);
  return new Map(sections.map(([title, section]) => [title, [...section.matchAll(/^`([\w./-]+)`\n\n```(\w+)\n([\s\S]*?)^```$/gm)].map(([, path, language, text]) => ({
    path: path!, kind: language === 'diff' ? 'edit' as const : 'file' as const, text: text!,
  }))]));
}

/** Makes the change of one step in a tree. The place of an edit must be there once, exactly as the page shows it. */
export function applyStep(root: string, { path, kind, text }: Step): void {
  const file = join(root, path);
  if (kind === 'file') {
    if (existsSync(file)) throw new Error(`${path} is there already`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return;
  }
  const side = (sign: string): string => text.split('\n').filter((line) => line !== '' && (line.startsWith(' ') || line.startsWith(sign))).map((line) => `${line.slice(1)}\n`).join('');
  const [before, after, whole] = [side('-'), side('+'), readFileSync(file, 'utf8')];
  if (whole.split(before).length !== 2) throw new Error(`The place that CONTRIBUTING.md changes in ${path} is there ${whole.split(before).length - 1} times:\n${before}`);
  writeFileSync(file, whole.replace(before, () => after));
}
