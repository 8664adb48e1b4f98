import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { defineEntity, p, type EntitySchema } from '@mikro-orm/core';
import { subgraphs } from '@quanyu/standalone';
import { openTestSubgraph, probeSubgraph, type TestSubgraph } from '@quanyu/testing';
import { drift, type MappedEntity } from './drift.js';
import { readTables } from './tables.js';

/** Entities and tables of a migrated subgraph, and where they disagree. */
async function driftOf(subgraph: TestSubgraph): Promise<string[]> {
  const entities = [...subgraph.deps.database.orm.getMetadata().getAll().values()] as unknown as MappedEntity[];
  return drift(entities, await readTables(subgraph.deps.database.system, subgraph.definition.name));
}

describe('entities and migrated tables', () => {
  it.each(subgraphs.map((definition) => [definition.name, definition] as const))('agree in %s', async (_, definition) => {
    const subgraph = await openTestSubgraph(definition);
    try {
      expect(await driftOf(subgraph)).toEqual([]);
    } finally {
      await subgraph.close();
    }
  });
});

describe('an entity that has drifted from its table', () => {
  const seeded = (entities: EntitySchema[]) => openTestSubgraph(probeSubgraph({
    entities,
    migrations: [{ name: '0100_thing', sql: "create table thing (id text primary key, tenant_id text not null, count int not null, state text not null check (state in ('A', 'B')), note text, must text not null);" }],
  }));
  const Thing = defineEntity({
    name: 'Thing', tableName: 'thing',
    properties: {
      id: p.string().primary(), tenantId: p.string().primary(), count: p.string(), state: p.enum(['A', 'C'] as const), note: p.string(), gone: p.string(),
    },
  }) as EntitySchema;
  const Ghost = defineEntity({ name: 'Ghost', tableName: 'ghost', properties: { id: p.string().primary() } }) as EntitySchema;
  let faults: string[];
  let probe: TestSubgraph;
  beforeAll(async () => {
    probe = await seeded([Thing, Ghost]);
    faults = await driftOf(probe);
  });
  afterAll(() => probe.close());

  it.each([
    ['a table that no migration makes', 'ghost is mapped'],
    ['a column that is not there', 'thing.gone is mapped'],
    ['another type', 'thing.count is mapped as varchar(255), but the column is integer'],
    ['another nullability', 'thing.note may be null in the table'],
    ['a value that the table refuses', 'thing.state: the table refuses C'],
    ['a value that the mapping does not know', 'thing.state: the table takes B'],
    ['a column that must be filled and is not mapped', 'thing.must is not null and has no default'],
    ['another key', 'thing is mapped with the key (id, tenant_id)'],
  ])('is named with %s', (_, start) => {
    expect(faults.filter((fault) => fault.startsWith(start))).toHaveLength(1);
  });

  it('is named for nothing else', () => {
    expect(faults).toHaveLength(8);
  });
});
