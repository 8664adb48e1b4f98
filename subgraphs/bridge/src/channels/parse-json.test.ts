import { describe, expect, it } from '@jest/globals';
import { parseJson } from './parse-json.js';

const parse = (text: string | Buffer): unknown => parseJson(Buffer.from(text));

describe('parseJson', () => {
  it('keeps numbers as they are written', () => {
    expect(parse('{"id":820982911946154508,"price":0.10,"list":[1e2,-0],"on":true,"none":null,"text":"7"}'))
      .toEqual({ id: '820982911946154508', price: '0.10', list: ['1e2', '-0'], on: true, none: null, text: '7' });
  });

  it('reads a body with a byte order mark', () => { expect(parse('\uFEFF{}')).toEqual({}); });

  it('refuses what is not JSON or not UTF-8', () => {
    for (const body of ['', 'not json', '{"a":1', Buffer.from([0x22, 0xff, 0x22])]) expect(() => parse(body)).toThrow();
  });

  it('refuses a body that is nested without end', () => { expect(() => parse('['.repeat(1_000_000))).toThrow(); });
});
