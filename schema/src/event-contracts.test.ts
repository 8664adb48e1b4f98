import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { eventChanges, forbiddenEventChanges, type EventContracts, type JsonSchema } from './event-contracts.js';

const TYPE = 'orders.order-placed.v1';
const line = z.object({ skuId: z.string(), quantity: z.int().positive() });
const released = z.object({ orderId: z.string(), state: z.enum(['A', 'B']), note: z.string().optional(), lines: z.array(line) });
const contract = (schema: z.ZodType, consumers = ['inventory']): EventContracts => ({ [TYPE]: { schema: z.toJSONSchema(schema) as JsonSchema, consumers } });
const refused = (schema: z.ZodType): string[] => forbiddenEventChanges(eventChanges(contract(released), contract(schema)));

describe('within one version an event', () => {
  it('may gain a field that may be missing, lose one, and say it better', () => {
    expect(refused(released.extend({ gift: z.boolean().optional() }))).toEqual([]);
    expect(refused(released.omit({ note: true }))).toEqual([]);
    expect(refused(released.extend({ orderId: z.string().describe('the id') }))).toEqual([]);
    expect(refused(released.extend({ state: z.enum(['B', 'A']) }))).toEqual([]);
  });

  it.each<[string, z.ZodType, RegExp]>([
    ['a new field that must be there', released.extend({ shop: z.string() }), /data\.shop is new and must be there/],
    ['a field that is gone', released.omit({ orderId: true }), /data\.orderId is gone/],
    ['another type', released.extend({ orderId: z.int() }), /data\.orderId had type "string" and has "integer"/],
    ['one more value', released.extend({ state: z.enum(['A', 'B', 'C']) }), /data\.state had enum/],
    ['one value less', released.extend({ state: z.enum(['A']) }), /data\.state/],
    ['null', released.extend({ orderId: z.string().nullable() }), /data\.orderId/],
    ['a field that may be missing now', released.extend({ orderId: z.string().optional() }), /data\.orderId may be missing now/],
    ['a field that must be there now', released.extend({ note: z.string() }), /data\.note must be there now/],
    ['a change inside a list', released.extend({ lines: z.array(line.extend({ quantity: z.int() })) }), /data\.lines\[\]\.quantity had/],
  ])('is refused with %s, and told to become another version', (_, schema, why) => {
    const faults = refused(schema);
    expect(faults.join('\n')).toMatch(why);
    expect(faults[0]).toContain('Tell orders.order-placed.v2 beside it');
  });

  it('goes only after a release in which nobody took it in', () => {
    expect(forbiddenEventChanges(eventChanges(contract(released), {}))).toEqual([expect.stringContaining('inventory took it in')]);
    expect(forbiddenEventChanges(eventChanges(contract(released, []), {}))).toEqual([]);
    expect(forbiddenEventChanges(eventChanges({}, contract(released)))).toEqual([]);
  });
});
