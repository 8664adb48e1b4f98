import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { reasonOf } from './reason-of.js';

const refusal = (schema: z.ZodType, data: unknown): unknown => schema.safeParse(data).error;

describe('a reason', () => {
  it('names the error, its code and the constraint', () => {
    expect(reasonOf(Object.assign(new TypeError('x'), { code: '23514', constraint: 'stock_level_check' }))).toBe('TypeError 23514 stock_level_check');
    expect(reasonOf('thrown text')).toBe('UNKNOWN');
  });

  it('names the field that does not fit, never its value and no key that is data', () => {
    expect(reasonOf(refusal(z.object({ lines: z.array(z.object({ quantity: z.int() })) }), { lines: [{ quantity: 'Bob Lane' }] }))).toBe('ZodError lines.0.quantity');
    expect(reasonOf(refusal(z.record(z.string(), z.int()), { '+8613812341234': 'x' }))).toBe('ZodError *');
    expect(reasonOf(refusal(z.int(), 'x'))).toBe('ZodError');
  });

  it('quotes nothing that a message quotes', () => {
    expect(reasonOf(new Error('Key (phone)=(13812341234) already exists'))).toBe('Error');
  });
});
