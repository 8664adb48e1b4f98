import { describe, expect, it } from '@jest/globals';
import { assert, json, property, constantFrom } from 'fast-check';
import { parseJson } from './parse-json.js';

const parse = (text: string | Buffer): unknown => parseJson(Buffer.from(text));

describe('parseJson', () => {
  it('keeps numbers as they are written', () => {
    expect(parse('{"id":820982911946154508,"price":0.10,"list":[1e2,-0],"on":true,"none":null,"text":"7"}'))
      .toEqual({ id: '820982911946154508', price: '0.10', list: ['1e2', '-0'], on: true, none: null, text: '7' });
  });

  it('reads what JSON.parse reads, however it is written, and numbers as their text', () => {
    type Reviver = (key: string, value: unknown) => unknown;
    const slow = (text: string): unknown => JSON.parse(text, ((_key: string, value: unknown, { source }: { source: string }) => (typeof value === 'number' ? source : value)) as unknown as Reviver);
    for (const text of ['7', '-0.5E+3', '[1,"2",3]', String.raw`{"a\\":1,"\"9\"":"-1\\","2":[2,"\u0031"]}`, '{"__proto__":1}', ' [ 1 , 2 ]\n']) expect(parse(text)).toEqual(slow(text));
    assert(property(json(), constantFrom(0, 1, 4), (text, spaces) => {
      const written = JSON.stringify(JSON.parse(text), null, spaces);
      expect(parse(written)).toEqual(slow(written));
    }));
  });

  it('reads a body with a byte order mark', () => { expect(parse('\uFEFF{}')).toEqual({}); });

  it('refuses what is not JSON or not UTF-8', () => {
    for (const body of ['', 'not json', '{"a":1', '01', '1.', '{1:2}', '[1 2]', '-', Buffer.from([0x22, 0xff, 0x22])]) expect(() => parse(body)).toThrow();
  });

  it('refuses a body that is nested without end', () => { expect(() => parse('['.repeat(1_000_000))).toThrow(); });
});
