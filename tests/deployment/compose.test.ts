import { execFileSync } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { DCLinter } from 'dclint';
import { parse } from 'yaml';

interface Service {
  readonly image: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly networks?: readonly string[];
  readonly profiles?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly [key: string]: unknown;
}
interface Compose { readonly services: Readonly<Record<string, Service>>; readonly networks: Readonly<Record<string, { readonly internal?: boolean }>> }

const root = join(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const text = read('docker-compose.yml');
const { services, networks } = parse(text, { merge: true }) as Compose;
const subgraphs = globSync('*', { cwd: join(root, 'subgraphs') }).sort();
const ours = Object.entries(services).filter(([, { image }]) => image.includes('QUANYU_IMAGE'));
const seconds = (value: unknown): number => Number(/^(\d+)s$/.exec(String(value))?.[1]);

/** Of what the linter has to say only the schema and what is wrong anywhere; the order of keys is ours. */
const RULES = {
  'service-keys-order': 0, 'services-alphabetical-order': 0, 'top-level-properties-order': 0, 'require-quotes-in-ports': 0, 'no-quotes-in-volumes': 0,
  'no-build-and-image': 0, 'require-project-name-field': 0, 'no-version-field': 1, 'no-duplicate-exported-ports': 1, 'no-duplicate-container-names': 1, 'service-image-require-explicit-tag': 1,
  // The proxy is there to be reached from everywhere.
  'no-unbound-port-interfaces': 0,
} as const;

describe('docker-compose.yml', () => {
  it('is what the Compose schema says', () => {
    const linter = new DCLinter({ rules: RULES, quiet: false, debug: false, exclude: [] });
    expect(linter.lintFiles([join(root, 'docker-compose.yml')], false).flatMap(({ messages }: { readonly messages: readonly object[] }) => messages)).toEqual([]);
  });

  it('is refused by the same check with a word that Compose does not know', () => {
    const folder = mkdtempSync(join(tmpdir(), 'quanyu-compose-'));
    writeFileSync(join(folder, 'docker-compose.yml'), text.replace('read_only: true', 'readonly: true'));
    const messages = new DCLinter({ rules: RULES, quiet: false, debug: false, exclude: [] }).lintFiles([join(folder, 'docker-compose.yml')], false).flatMap((result: { readonly messages: readonly object[] }) => result.messages);
    rmSync(folder, { recursive: true });
    expect(messages).toContainEqual(expect.objectContaining({ rule: 'invalid-schema' }));
  });

  it('has two gateways, and each subgraph serving and working', () => {
    const commandOf = (name: string): string | undefined => services[name]?.command?.join(' ');
    expect([commandOf('gateway-1'), commandOf('gateway-2')]).toEqual(['gateway/dist/main.js', 'gateway/dist/main.js']);
    for (const name of subgraphs) {
      expect([commandOf(name), commandOf(`${name}-worker`)]).toEqual([`subgraphs/${name}/dist/main.js`, `subgraphs/${name}/dist/main.js`]);
      expect([services[`${name}-worker`]!.environment!['ROLE'], services[`${name}-worker`]!.profiles]).toEqual(['work', ['workers']]);
    }
  });

  it('publishes no port of a database, a queue or a subgraph, and keeps them in a network without a way out', () => {
    const open = Object.entries(services).filter(([, { ports }]) => ports !== undefined).map(([name]) => name);
    expect(open.sort()).toEqual(['gateway-1', 'gateway-2', 'proxy']);
    expect(networks['inside']!.internal).toBe(true);
    const outside = Object.entries(services).filter(([, service]) => service.networks?.includes('outside')).map(([name]) => name);
    expect(outside.sort()).toEqual(['bridge', 'bridge-worker', 'gateway-1', 'gateway-2', 'proxy']);
    for (const name of ['postgres', 'redis']) expect(services[name]!.networks).toEqual(['inside']);
    for (const name of ['gateway-1', 'gateway-2']) expect(services[name]!.ports!.every((port) => port.startsWith('127.0.0.1:'))).toBe(true);
  });

  it('gives every container a root that cannot be written, no new rights, bounded logs and time to end', () => {
    for (const [name, service] of Object.entries(services)) {
      expect([name, service['read_only'], service['security_opt'], service['logging']]).toEqual([name, true, ['no-new-privileges:true'], expect.objectContaining({ options: expect.objectContaining({ 'max-size': expect.any(String) }) })]);
      // What has not ended within the drain is killed, and no sooner.
      expect(seconds(service['stop_grace_period'])).toBeGreaterThan(20);
    }
    for (const [name, service] of ours) expect([name, service['cap_drop'], service['init']]).toEqual([name, ['ALL'], true]);
  });

  it('starts in order: database, migrations, subgraphs, gateways', () => {
    expect(services['migrate']!.depends_on).toEqual({ postgres: { condition: 'service_healthy' } });
    for (const name of subgraphs) expect(services[name]!.depends_on).toEqual({ migrate: { condition: 'service_completed_successfully' } });
    expect(services['gateway-1']!.depends_on).toEqual(Object.fromEntries(subgraphs.map((name) => [name, { condition: 'service_healthy' }])));
  });

  it("gives each process its own secrets and nobody else's", () => {
    for (const [name, { environment = {} }] of ours.filter(([service]) => service !== 'migrate')) {
      const own = name.replace(/-(worker|\d)$/, '').toUpperCase();
      const secret = Object.keys(environment).filter((variable) => /_(DATABASE_URL|SERVICE_KEY|ADMIN_URL)$/.test(variable) && variable !== 'JOBS_DATABASE_URL');
      expect(secret.sort()).toEqual(own === 'GATEWAY' ? ['GATEWAY_SERVICE_KEY'] : own === 'TENANT' ? ['OPERATOR_SERVICE_KEY'] : [`${own}_DATABASE_URL`, `${own}_SERVICE_KEY`]);
    }
    expect(ours.filter(([, { environment }]) => environment && 'DATABASE_ADMIN_URL' in environment).map(([name]) => name)).toEqual(['migrate']);
  });

  it('sets only variables that docs/configuration.md names', () => {
    const page = read('docs/configuration.md');
    const known = (name: string): boolean => [name, name.replace(/^[A-Z]+_(?=DATABASE_URL|SERVICE_KEY)/, '<SUBGRAPH>_')].some((variable) => page.includes(`\`${variable}\``));
    const unknown = ours.flatMap(([, { environment = {} }]) => Object.keys(environment)).filter((name) => !known(name));
    expect([...new Set(unknown)]).toEqual([]);
  });
});

describe('what docker-compose.yml asks for', () => {
  const asked = [...new Set([...text.matchAll(/\$\{(\w+):\?/g)].map(([, name]) => name!))];
  const example = new Map(read('docs/compose.env').split('\n').flatMap((line) => { const [, name, value] = /^([A-Z_]+)=(.*)$/.exec(line) ?? []; return name === undefined ? [] : [[name, value!] as const]; }));
  const folder = mkdtempSync(join(tmpdir(), 'quanyu-compose-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const printed = execFileSync(process.execPath, [join(root, 'packages/standalone/dist/make-secrets/main.js'), '--database', 'postgres:5432/quanyu'], { encoding: 'utf8' });
  const made = new Map(printed.split('\n').filter((line) => /^[A-Z_]+=/.test(line)).map((line) => [line.slice(0, line.indexOf('=')), line] as const));

  it('stands in docs/compose.env or is made by make-secrets', () => {
    expect(asked.filter((name) => !example.has(name) && !made.has(name))).toEqual([]);
  });

  it('can be left as it is in the example only where that is no secret', () => {
    expect([...example].filter(([name, value]) => /PASSWORD|KEY|SECRET/.test(name) && value !== '')).toEqual([]);
  });

  const compose = (process.env.PATH ?? '').split(delimiter).map((path) => join(path, 'docker-compose')).find((path) => existsSync(path));
  (compose === undefined ? it.skip : it)('is enough for docker-compose', () => {
    writeFileSync(join(folder, '.env'), [...[...example].map(([name, value]) => `${name}=${value || 'filled-in'}`), ...made.values()].join('\n'));
    const listed = execFileSync(compose!, ['--env-file', join(folder, '.env'), '--project-directory', folder, '--file', join(root, 'docker-compose.yml'), 'config', '--services'], { encoding: 'utf8', env: { PATH: `${dirname(compose!)}${delimiter}/usr/bin:/bin` } });
    // This version lists what lies in profiles too.
    expect(listed.trim().split('\n').sort()).toEqual(Object.keys(services).sort());
  });
});
