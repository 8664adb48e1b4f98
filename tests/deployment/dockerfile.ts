import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, matchesGlob, relative, sep } from 'node:path';
import { promisify } from 'node:util';

/** One line of a Dockerfile; continued lines are one. */
export interface Instruction { readonly word: string; readonly rest: string }

/** What a container of the image would be started with. */
export interface Image {
  /** The folder that stands for `/`. */
  readonly root: string;
  readonly workdir: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly user: string;
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  readonly healthcheck: readonly string[];
}

/** Reads the instructions that our Dockerfile uses; anything else is an error, so that nothing is passed over in silence. */
export function readDockerfile(text: string): Instruction[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#')).join('\n').replaceAll(/\s*\\\n\s*/g, ' ').split('\n');
  return lines.map((line) => {
    const [, word, rest] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? [];
    if (word === undefined || rest === undefined) throw new Error(`This is no instruction: ${line}`);
    return { word, rest };
  });
}

/** Whether a path of the build context is left out of it: as in Docker, the last line that matches decides. */
export function ignoredBy(dockerignore: string): (path: string) => boolean {
  const rules = dockerignore.split('\n').map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => ({ keep: line.startsWith('!'), pattern: line.replace(/^!/, '') }));
  return (path) => {
    const parts = path.split('/');
    const withParents = parts.map((_, i) => parts.slice(0, i + 1).join('/'));
    return rules.findLast(({ pattern }) => withParents.some((one) => matchesGlob(one, pattern)))?.keep === false;
  };
}

/**
 * Carries the build steps of a Dockerfile out in folders: `COPY` copies, `RUN` runs, each stage has a folder for its `/`.
 * What a base image brings is taken from this machine.
 */
export async function buildImage(context: string, target: string, environment: NodeJS.ProcessEnv): Promise<Image> {
  const isIgnored = ignoredBy(readFileSync(join(context, '.dockerignore'), 'utf8'));
  const stages = new Map<string, string>();
  let image: Image = { root: '', workdir: '/', environment: {}, user: 'root', entrypoint: [], command: [], healthcheck: [] };
  const inside = (path: string): string => join(image.root, path.startsWith('/') ? path : join(image.workdir, path));

  for (const { word, rest } of readDockerfile(readFileSync(join(context, 'Dockerfile'), 'utf8'))) {
    if (word === 'FROM') {
      const name = / AS (\S+)$/.exec(rest)?.[1] ?? `stage-${stages.size}`;
      image = { ...image, root: join(target, name), workdir: '/', environment: {}, user: 'root' };
      mkdirSync(image.root, { recursive: true });
      stages.set(name, image.root);
    } else if (word === 'WORKDIR') {
      image = { ...image, workdir: rest };
      mkdirSync(inside('.'), { recursive: true });
    } else if (word === 'COPY') {
      const [, stage, from, to] = /^(?:--from=(\S+) )?(\S+) (\S+)$/.exec(rest) ?? [];
      if (from === undefined || to === undefined) throw new Error(`COPY ${rest} is not known here`);
      if (stage === undefined) copyContext(join(context, from), inside(to), isIgnored);
      else cpSync(join(stages.get(stage)!, from), inside(to), { recursive: true, verbatimSymlinks: true });
    } else if (word === 'RUN') {
      await promisify(execFile)('sh', ['-euc', rest.replaceAll(/--mount=\S+ /g, '')], { cwd: inside('.'), env: { ...environment, ...image.environment }, maxBuffer: 64 * 1024 * 1024 });
    } else if (word === 'ENV') image = { ...image, environment: { ...image.environment, ...Object.fromEntries(rest.split(' ').map((pair) => pair.split('=') as [string, string])) } };
    else if (word === 'USER') image = { ...image, user: rest };
    else if (word === 'ENTRYPOINT') image = { ...image, entrypoint: JSON.parse(rest) as string[] };
    else if (word === 'CMD') image = { ...image, command: JSON.parse(rest) as string[] };
    else if (word === 'HEALTHCHECK') image = { ...image, healthcheck: JSON.parse(rest.slice(rest.indexOf(' CMD ') + 5)) as string[] };
    else if (!['ARG', 'EXPOSE', 'STOPSIGNAL'].includes(word)) throw new Error(`${word} is not known here`);
  }
  return image;
}

function copyContext(from: string, to: string, isIgnored: (path: string) => boolean): void {
  const visit = (folder: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      const name = relative(from, path).split(sep).join('/');
      // No line of ours keeps anything below these; walking them would take longer than the build.
      if (entry.name === 'node_modules' || entry.name === '.git') continue;
      if (entry.isDirectory()) visit(path);
      else if (!isIgnored(name)) copyFile(path, join(to, name));
    }
  };
  visit(from);
}

function copyFile(from: string, to: string): void {
  if (!existsSync(dirname(to))) mkdirSync(dirname(to), { recursive: true });
  cpSync(from, to);
}
