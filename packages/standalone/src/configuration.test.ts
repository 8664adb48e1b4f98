import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { configurationPage } from './configuration.js';

describe('docs/configuration.md', () => {
  it('says what the processes read (npm run configuration writes it)', async () => {
    expect(await readFile(new URL('../../../docs/configuration.md', import.meta.url), 'utf8')).toBe(configurationPage());
  });
});
