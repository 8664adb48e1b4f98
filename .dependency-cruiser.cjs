/**
 * The dependency rule of the house, kept by a machine. Folders are matched with capture groups:
 * a new subgraph is under the law the moment it exists. Every rule has a seeded violation in
 * tests/architecture/seeded/<rule>; a rule without one fails the test.
 */

/** Packages from the ground up: a package may import those of the lines before its own, never beside or above. */
const LAYERS = [
  ['ids', 'money', 'settings', 'telemetry', 'config', 'labels'],
  ['pii', 'viewer'],
  ['database', 'events'],
  ['outbox', 'calls', 'jobs'],
  ['subgraph'],
  ['testing'],
  ['standalone'],
];
/** Plays the outside world, so it may not know how the inside is made. */
const SANDBOX = 'channel-sandbox';

const anyOf = (names) => `(?:${names.join('|')})`;
const inPackages = (names) => `^packages/${anyOf(names)}/`;

const WORKSPACE = '^(packages/[^/]+|subgraphs/[^/]+|gateway|schema|tests)/';
const TEST_FILE = '\\.test\\.ts$';
const TESTS = [TEST_FILE, '^tests/', '^packages/testing/'];
const DOORS = '(graphql|http|events|jobs)';
/** Where running begins: doors of packages, processes, migrations, tests and scripts. */
const ENTRIES = ['/(index|main|mikro-orm\\.config)\\.ts$', '/migrations/', '\\.test\\.ts$', '\\.[cm]?js$', '^tests/'];
const ORM = '(^|/)node_modules/@mikro-orm/';

const layerRules = LAYERS.slice(0, -1).map((layer, i) => ({
  name: `packages-look-down-${i + 1}`,
  comment: `${layer.join(', ')}: a package imports lower packages only (LAYERS in .dependency-cruiser.cjs)`,
  severity: 'error',
  from: { path: `^packages/(${layer.join('|')})/`, pathNot: TEST_FILE },
  to: { path: inPackages(LAYERS.slice(i).flat()), pathNot: '^packages/$1/' },
}));

const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    rule('no-cycles', 'two files that need each other are one file, or three',
      {}, { circular: true }),

    // Workspaces
    rule('subgraphs-never-meet', 'subgraphs meet in the schema, in the event log and in a few named calls',
      { path: '^subgraphs/([^/]+)/' }, { path: '^subgraphs/', pathNot: '^subgraphs/$1/' }),
    rule('subgraphs-know-no-gateway', 'a subgraph answers whoever asks',
      { path: '^subgraphs/' }, { path: '^gateway/' }),
    rule('gateway-knows-no-subgraph', 'the gateway knows schema files and how to reach a subgraph',
      { path: '^gateway/' }, { path: '^subgraphs/' }),
    rule('only-standalone-and-tests-join', 'one place puts subgraphs and gateway together',
      { path: '.+', pathNot: ['^(subgraphs|gateway|tests)/', '^packages/standalone/'] },
      { path: '^(subgraphs|gateway)/' }),
    ...layerRules,
    rule('packages-stand-in-a-layer', 'a new package takes its place in LAYERS first',
      { path: '^packages/', pathNot: inPackages([...LAYERS.flat(), SANDBOX]) }, { path: '.+' }),
    rule('sandbox-stands-alone', 'it plays the outside platforms: it knows their papers, not our packages',
      { path: inPackages([SANDBOX]) }, { path: WORKSPACE, pathNot: inPackages([SANDBOX]) }),
    rule('product-knows-no-test-tools', 'the test kit, the sandbox and the one-process shell are not parts of the product',
      { path: '^(subgraphs|gateway)/', pathNot: TESTS },
      { path: inPackages(['testing', 'standalone', 'config', SANDBOX]) }),
    rule('only-standalone-runs-the-sandbox', 'nobody else pretends to be the outside world',
      { path: '^packages/', pathNot: inPackages(['standalone', SANDBOX]) }, { path: inPackages([SANDBOX]) }),
    rule('money-depends-on-nothing', 'arithmetic needs nobody',
      { path: '^packages/money/src/', pathNot: TESTS }, { pathNot: '^packages/money/' }),
    rule('workspaces-meet-by-name', "another workspace is imported by its name, through its one door",
      { path: WORKSPACE },
      // Except the set-up scripts: they run in a clean clone, where no name leads anywhere yet.
      { path: WORKSPACE, pathNot: ['^$1/', '^packages/config/[^/]+\\.mjs$'], dependencyTypes: ['local'], dependencyTypesNot: ['aliased-workspace'] }),
    rule('elastic-stays-in-the-gateway', "Apollo's packages under the Elastic licence can be replaced in one place (docs/adr/0008)",
      { pathNot: '^(gateway|schema)/' },
      { path: '(^|/)node_modules/@apollo/(gateway|composition|federation-internals|query-graphs|query-planner)/' }),

    // Inside a subgraph
    rule('domain-is-pure', 'rules know rules, money, and the shapes of ids and events',
      { path: '^subgraphs/([^/]+)/src/domain/', pathNot: TESTS },
      { pathNot: ['^subgraphs/$1/src/domain/', inPackages(['money', 'ids', 'events'])] }),
    rule('domain-takes-ids-and-events-as-types', 'making an id is chance, recording an event is work: neither is a rule',
      { path: '^subgraphs/[^/]+/src/domain/', pathNot: TESTS },
      { path: inPackages(['ids', 'events']), dependencyTypesNot: ['type-only'] }),
    rule('entities-only-map', 'a table is mapped, nothing is decided there',
      { path: '^subgraphs/([^/]+)/src/entities/', pathNot: TESTS },
      { pathNot: ['^subgraphs/$1/src/entities/', ORM, inPackages(['ids'])], dependencyTypesNot: ['type-only'] }),
    rule('doors-touch-no-table', 'a door calls a command or a query; it may name the type of a row',
      { path: `^subgraphs/[^/]+/src/${DOORS}/`, pathNot: TESTS },
      { path: ['^subgraphs/[^/]+/src/entities/', ORM], dependencyTypesNot: ['type-only'] }),
    rule('doors-call-no-door', 'two doors that need the same thing need the same command',
      { path: `^subgraphs/([^/]+)/src/${DOORS}/`, pathNot: TESTS },
      { path: `^subgraphs/$1/src/${DOORS}/`, pathNot: '^subgraphs/$1/src/$2/' }),
    rule('work-knows-no-door', 'a command does not know who called it',
      { path: '^subgraphs/([^/]+)/src/(commands|queries|entities)/', pathNot: TESTS },
      { path: `^subgraphs/$1/src/${DOORS}/` }),
    rule('queries-know-no-command', 'asking changes nothing',
      { path: '^subgraphs/([^/]+)/src/queries/', pathNot: TESTS },
      { path: '^subgraphs/$1/src/commands/' }),

    rule('connectors-only-call-out', "a connector speaks a platform's language: it keeps nothing, and what is decided is decided elsewhere",
      { path: '^subgraphs/[^/]+/src/channels/', pathNot: TESTS },
      { path: [`^subgraphs/[^/]+/src/(commands|queries|entities|${DOORS.slice(1, -1)})/`, ORM, inPackages(['database', 'outbox', 'jobs', 'calls', 'subgraph'])] }),

    // Every import
    rule('everything-resolves', "the file is there, and the package's exports let it through",
      {}, { couldNotResolve: true }),
    rule('only-declared-dependencies', 'what is imported stands in the package.json beside it',
      { pathNot: TEST_FILE }, { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] }),
    rule('product-runs-without-dev-tools', 'devDependencies are not there in production',
      { path: ['^(packages|subgraphs)/[^/]+/src/', '^gateway/src/'], pathNot: TESTS },
      { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] }),
    rule('no-orphans', 'a file that nothing reaches is not part of the product',
      { path: ENTRIES },
      { path: '^(packages|subgraphs|gateway)/.*\\.ts$', pathNot: [...ENTRIES, '\\.d\\.ts$'], reachable: false }),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['(^|/)dist/', '(^|/)\\.turbo/', '(^|/)coverage/', '^tests/architecture/seeded/', '^tests/bench/gateway/others/'] },
    // Types count: an import that vanishes in the build still ties two files together for a reader.
    tsPreCompilationDeps: true,
    // A package.json is read together with the root's, where the test tools are declared.
    combinedDependencies: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      // "types" leads to src/index.ts: the law is about sources, not about what was built last.
      conditionNames: ['types', 'import', 'require', 'node', 'default'],
      mainFields: ['module', 'main', 'types', 'typings'],
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.json', '.d.ts'],
    },
  },
};
