#!/usr/bin/env node
// Writes fixtures/<platform> anew from the builders; run after `npm run build`.
import { writeFileSync } from 'node:fs';
import { SHOPIFY_FIXTURES, shopifyFixture, SHOPLAZZA_FIXTURES, shoplazzaFixture } from '../dist/index.js';

for (const [platform, names, build] of [['shopify', SHOPIFY_FIXTURES, shopifyFixture], ['shoplazza', SHOPLAZZA_FIXTURES, shoplazzaFixture]]) {
  for (const name of names) writeFileSync(new URL(`../fixtures/${platform}/${name}.json`, import.meta.url), `${JSON.stringify(build(name), null, 2)}\n`);
  console.log(`${names.length} bodies written to fixtures/${platform}`);
}
