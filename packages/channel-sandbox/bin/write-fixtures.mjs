#!/usr/bin/env node
// Writes fixtures/shopify anew from the builder; run after `npm run build`.
import { writeFileSync } from 'node:fs';
import { SHOPIFY_FIXTURES, shopifyFixture } from '../dist/index.js';

for (const name of SHOPIFY_FIXTURES) {
  const file = new URL(`../fixtures/shopify/${name}.json`, import.meta.url);
  writeFileSync(file, `${JSON.stringify(shopifyFixture(name), null, 2)}\n`);
}
console.log(`${SHOPIFY_FIXTURES.length} bodies written to fixtures/shopify`);
