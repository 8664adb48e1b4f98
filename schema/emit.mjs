// `npm run schema`: writes the SDL of each subgraph, the composed supergraph, what clients see of it, docs/events.md and
// the changelog, then checks it against the last release. `-- --check` only says what differs; `-- --release` makes what
// is there now the release that later changes are compared with.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { composeServices } from '@apollo/composition';
import { contractSchema, subgraphs } from '@quanyu/standalone';
import { databaseDefinition, federatedSchema } from '@quanyu/subgraph';
import { lexicographicSortSchema, parse, printSchema } from 'graphql';
import { changelog, hashMigrations, judge, readProduct, readRelease, releasedChangelog, writeRelease } from './dist/index.js';
import { eventContracts, eventsPage } from './events-page.mjs';

const check = process.argv.includes('--check');
const here = new URL('.', import.meta.url);
const root = fileURLToPath(new URL('..', here));
const today = new Date().toISOString().slice(0, 10);

const services = subgraphs.map((definition) => ({ name: definition.name, url: `http://${definition.name}.internal`, sdl: federatedSchema(definition).sdl }));
const { schema, supergraphSdl, errors } = composeServices(services.map(({ name, url, sdl }) => ({ name, url, typeDefs: parse(sdl) })));
if (errors?.length) {
  for (const error of errors) console.error(error.message);
  console.error('The subgraphs do not compose.');
  process.exit(1);
}

const current = {
  graph: `${printSchema(lexicographicSortSchema(schema.toAPISchema().toGraphQLJSSchema())).trim()}\n`,
  events: eventContracts(subgraphs),
  migrations: hashMigrations(subgraphs.map(databaseDefinition)),
};
const releasedFolder = new URL('released/', here);
const changelogFile = new URL('CHANGELOG.md', here);
const read = (url) => (existsSync(url) ? readFileSync(url, 'utf8') : '');
const { faults, graph, events } = await judge(current, readRelease(releasedFolder), new URL('operations/', here), today);

const files = new Map(services.map(({ name, sdl }) => [`subgraphs/${name}.graphql`, `${sdl.trim()}\n`]));
files.set('supergraph.graphql', `${supergraphSdl.trim()}\n`);
files.set('graph.graphql', current.graph);
files.set('public.graphql', `${printSchema(lexicographicSortSchema(contractSchema(supergraphSdl, schema.toAPISchema().toGraphQLJSSchema()))).trim()}\n`);
files.set('../docs/events.md', eventsPage(subgraphs));
files.set('CHANGELOG.md', changelog(read(changelogFile), graph, events));

const stale = [...files].filter(([file, text]) => read(new URL(file, here)) !== text);
for (const [file, text] of check ? [] : stale) writeFileSync(new URL(file, here), text);
if (!check) console.log(stale.length > 0 ? `Written: ${stale.map(([file]) => file).join(', ')}` : 'Nothing has changed.');
else for (const [file] of stale) console.error(`schema/${file} is not what the code says: run npm run schema and commit it.`);

for (const fault of faults) console.error(fault);
if (process.argv.includes('--release')) {
  if (faults.length > 0 && readRelease(releasedFolder) !== null && !process.argv.includes('--break')) {
    console.error('Not released: mend what is named above, or say --break where clients, consumers and data have been moved by hand.');
    process.exit(1);
  }
  const { version } = JSON.parse(read(new URL('../package.json', here)));
  writeRelease(releasedFolder, { version, day: today, ...current }, readProduct(root));
  writeFileSync(changelogFile, releasedChangelog(read(changelogFile), version, today, graph, events));
  console.log(`Released ${version}: later changes are compared with this.`);
} else {
  process.exitCode = faults.length > 0 || (check && stale.length > 0) ? 1 : 0;
}
