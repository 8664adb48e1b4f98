import { defineSubgraph, type SubgraphDefinition } from '@quanyu/subgraph';
import { Field, ObjectType, Query, Resolver } from 'type-graphql';

@ObjectType()
class Probe {
  @Field() ok!: boolean;
}

@Resolver()
class ProbeResolver {
  @Query(() => Probe)
  probe(): Probe { return { ok: true }; }
}

/** The smallest subgraph: one table, no behaviour. For tests of the house itself. */
export const probeSubgraph = (over: Partial<SubgraphDefinition> = {}): SubgraphDefinition => defineSubgraph({
  name: 'probe',
  entities: [],
  migrations: [{
    name: '0100_note',
    sql: "create table note (id text primary key, tenant_id text not null, text text not null); select tenant_table('note', 'select, insert, update, delete');",
  }],
  resolvers: [ProbeResolver],
  references: {},
  consumers: [],
  ...over,
});
