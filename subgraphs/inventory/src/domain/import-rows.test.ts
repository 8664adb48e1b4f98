import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { columnsOf, csvField, csvFields, readRow, type ImportMode } from './import-rows.js';

const columns = { sku: 0, location: 1, quantity: 2 };
const csv = (line: string, mode: ImportMode = 'SET') => readRow(line, 7, { columns, mode, defaultLocation: 'main' });
const json = (line: string, mode: ImportMode = 'SET') => readRow(line, 7, { columns: null, mode, defaultLocation: 'main' });

describe('a header', () => {
  it('names the columns in any order and case, with a byte order mark or quotes', () => {
    expect(columnsOf('\uFEFF"Quantity", SKU ,note,location')).toEqual({ sku: 1, quantity: 0, location: 3 });
    expect(columnsOf('sku,quantity')).toEqual({ sku: 0, quantity: 1, location: null });
  });

  it('is refused without the columns that count', () => {
    for (const header of ['', 'sku,location', 'a,b,c', '"sku,quantity']) expect(columnsOf(header)).toBeNull();
  });
});

describe('a row', () => {
  it.each([
    ['QY-1,east,5', { sku: 'QY-1', location: 'east', quantity: 5 }],
    ['"QY ""1"", red",,0', { sku: 'QY "1", red', location: 'main', quantity: 0 }],
    [' QY-1 , east ,+12', { sku: 'QY-1', location: 'east', quantity: 12 }],
  ])('of CSV is read: %s', (line, value) => {
    expect(csv(line)).toEqual({ kind: 'row', value: { row: 7, ...value } });
  });

  it('of JSONL is read, numbers as numbers or text', () => {
    expect(json('{"sku":"QY-1","quantity":5}')).toEqual({ kind: 'row', value: { row: 7, sku: 'QY-1', location: 'main', quantity: 5 } });
    expect(json('{"sku":"QY-1","location":"east","quantity":"-5"}', 'ADJUST')).toMatchObject({ value: { location: 'east', quantity: -5 } });
  });

  it.each([
    ['a negative count', 'QY-1,east,-1', 'QUANTITY_INVALID'],
    ['half a unit', 'QY-1,east,1.5', 'QUANTITY_INVALID'],
    ['a huge count', 'QY-1,east,99999999999', 'QUANTITY_INVALID'],
    ['no count', 'QY-1,east,', 'QUANTITY_INVALID'],
    ['a missing column', 'QY-1,east', 'QUANTITY_INVALID'],
    ['a word', 'QY-1,east,many', 'QUANTITY_INVALID'],
    ['no SKU', ',east,1', 'ROW_MALFORMED'],
    ['an open quote', '"QY-1,east,1', 'ROW_MALFORMED'],
    ['a byte of zero', 'QY\0,east,1', 'ROW_MALFORMED'],
    ['a line without end', 'x'.repeat(3_000), 'ROW_MALFORMED'],
  ])('is refused for %s', (_, line, code) => {
    expect(csv(line)).toMatchObject({ kind: 'refused', row: 7, code });
  });

  it.each(['[]', 'null', '5', '{"sku":5,"quantity":1}', '{"quantity":1}', '{', '{"sku":"a","location":{},"quantity":1}'])('of JSONL is refused when it is %s', (line) => {
    expect(json(line)).toMatchObject({ kind: 'refused', code: 'ROW_MALFORMED' });
  });

  it('that is empty is none', () => {
    expect(csv('  ')).toEqual({ kind: 'empty' });
  });
});

describe('CSV', () => {
  it('gives back every field that was written', () => {
    fc.assert(fc.property(fc.array(fc.string().filter((text) => !/[\r\n]/.test(text) && text.trim() === text && !/^[=+\-@\t]/.test(text)), { minLength: 1 }), (fields) => {
      expect(csvFields(fields.map(csvField).join(','))).toEqual(fields);
    }));
  });

  it('is never a formula to the program that opens it', () => {
    expect(csvField('=HYPERLINK("x")')).toBe('"\'=HYPERLINK(""x"")"');
  });

  it('never breaks the reader, whatever the line', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 60 }), fc.constantFrom('SET' as const, 'ADJUST' as const), (line, mode) => {
      for (const read of [csv(line, mode), json(line, mode), json(JSON.stringify({ sku: line, location: line, quantity: 1 }), mode), csv(`${'😀'.repeat(99)}x😀${line}`, mode)]) {
        const words = read.kind === 'row' ? read.value.sku + read.value.location : read.kind === 'refused' ? read.line : '';
        // What PostgreSQL's JSON does not take.
        expect(words).not.toMatch(/[\0\p{Cs}]/u);
      }
    }));
  });
});
