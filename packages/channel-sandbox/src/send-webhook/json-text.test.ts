import { describe, expect, it } from '@jest/globals';
import { textParts } from './json-text.js';

describe('cutting JSON text', () => {
  it('keeps members as they are written, ids beyond 2^53 and spaces included', () => {
    const parts = textParts(' { "order" : {"id":820982911946154508, "note" : "a, b] } \\" {"} ,"notice":"x" } ');
    expect([...parts]).toEqual([['order', '{"id":820982911946154508, "note" : "a, b] } \\" {"}'], ['notice', '"x"']]);
  });

  it.each<[string, string[]]>([
    ['[]', []],
    ['[ {"a":[1,2]} , "x,y" ,\n null ]', ['{"a":[1,2]}', '"x,y"', 'null']],
  ])('cuts the array %s', (json, expected) => {
    expect([...textParts(json).values()]).toEqual(expected);
  });

  it('reads keys with escapes and colons', () => {
    expect([...textParts('{"a\\"b:c": "d:e", "\\u00e9":{}}')]).toEqual([['a"b:c', '"d:e"'], ['é', '{}']]);
  });

  it('gives each part of any value back', () => {
    const value = { a: [1, { b: '},{' }], c: { d: [[], {}] }, e: '\\', f: '"' };
    const parts = textParts(JSON.stringify(value, null, 2));
    expect(Object.fromEntries([...parts].map(([key, text]) => [key, JSON.parse(text) as unknown]))).toEqual(value);
  });
});
