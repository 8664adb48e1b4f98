import { expect, it } from '@jest/globals';
import { languageOf } from './language.js';

it.each([
  [undefined, 'en'], ['', 'en'], ['*', 'en'], ['fr-FR,de;q=0.5', 'en'],
  ['zh', 'zh-CN'], ['zh-CN', 'zh-CN'], ['ZH-Hans-CN', 'zh-CN'], ['zh-TW, en;q=0.9', 'zh-CN'],
  ['en-US,en;q=0.9,zh-CN;q=0.8', 'en'], ['en;q=0.3, zh-CN ; q=0.8', 'zh-CN'], ['fr, zh;q=0.2', 'zh-CN'],
  ['zh;q=0', 'en'], ['zh;q=x', 'en'],
])('reads %p as %s', (header, language) => {
  expect(languageOf(header)).toBe(language);
});

it('does not read a flood', () => {
  expect(languageOf(`${'x,'.repeat(10_000)}zh`)).toBe('en');
});
