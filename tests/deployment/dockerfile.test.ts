import { describe, expect, it } from '@jest/globals';
import { ignoredBy, readDockerfile } from './dockerfile.js';

describe('the build context', () => {
  const isIgnored = ignoredBy('# words\n*\n!packages\ntests/*\n!tests\ntests/*\n!tests/package.json\n**/dist\n**/.env*\n');

  it.each(['.env', 'README.md', 'packages/a/dist/x.js', 'packages/a/.env.local', 'tests/run.mjs', 'tests/a/package.json'])('leaves %s out', (path) => {
    expect(isIgnored(path)).toBe(true);
  });

  it.each(['packages/a/src/x.ts', 'tests/package.json'])('has %s', (path) => {
    expect(isIgnored(path)).toBe(false);
  });
});

describe('a Dockerfile', () => {
  it('is read line by line, continued lines as one', () => {
    expect(readDockerfile('# words\nFROM a AS b\nRUN one \\\n  two\n')).toEqual([{ word: 'FROM', rest: 'a AS b' }, { word: 'RUN', rest: 'one two' }]);
  });

  it('is refused where it is not one', () => {
    expect(() => readDockerfile('hello world')).toThrow(/no instruction/);
  });
});
