// `npm run schema`: writes the SDL of each subgraph, the composed supergraph and docs/events.md; with --check only says what differs.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { composeServices } from '@apollo/composition';
import { subgraphs } from '@quanyu/standalone';
import { federatedSchema } from '@quanyu/subgraph';
import { parse } from 'graphql';
import { eventsPage } from './events-page.mjs';

const check = process.argv.includes('--check');
const here = new URL('.', import.meta.url);

const services = subgraphs.map((definition) => ({ name: definition.name, url: `http://${definition.name}.internal`, sdl: federatedSchema(definition).sdl }));
const { supergraphSdl, errors } = composeServices(services.map(({ name, url, sdl }) => ({ name, url, typeDefs: parse(sdl) })));
if (errors?.length) {
  for (const error of errors) console.error(error.message);
  console.error('The subgraphs do not compose.');
  process.exit(1);
}

const files = new Map(services.map(({ name, sdl }) => [`subgraphs/${name}.graphql`, `${sdl.trim()}\n`]));
files.set('supergraph.graphql', `${supergraphSdl.trim()}\n`);
files.set('../docs/events.md', eventsPage(subgraphs));

const stale = [...files].filter(([file, text]) => !existsSync(new URL(file, here)) || readFileSync(new URL(file, here), 'utf8') !== text);
if (check) {
  for (const [file] of stale) console.error(`schema/${file} is not what the code says: run npm run schema and commit it.`);
  process.exit(stale.length > 0 ? 1 : 0);
}
for (const [file, text] of stale) writeFileSync(new URL(file, here), text);
console.log(stale.length > 0 ? `Written: ${stale.map(([file]) => file).join(', ')}` : 'Nothing has changed.');
