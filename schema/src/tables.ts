import type pg from 'pg';

/** One column as PostgreSQL has it. */
export interface Column {
  readonly type: string;
  readonly notNull: boolean;
  /** Whether an insert that leaves it out gets a value: a default, an identity, or a computed one. */
  readonly filled: boolean;
}

/** A constraint or a unique index. */
export interface Constraint {
  readonly kind: 'primary' | 'unique' | 'check' | 'foreign' | 'exclusion';
  readonly columns: readonly string[];
  /** As PostgreSQL writes it back. */
  readonly definition: string;
}

/** One table with everything that decides whether a statement is taken. */
export interface Table {
  readonly columns: Readonly<Record<string, Column>>;
  /** By name. */
  readonly constraints: Readonly<Record<string, Constraint>>;
  /** What the app and the system role may do, as `app insert`. */
  readonly rights: readonly string[];
}
export type Tables = Readonly<Record<string, Table>>;

const KINDS = "case contype when 'p' then 'primary' when 'u' then 'unique' when 'c' then 'check' when 'f' then 'foreign' else 'exclusion' end";

const SQL = `
  select c.relname as name,
    (select jsonb_object_agg(a.attname, jsonb_build_object(
        'type', format_type(a.atttypid, a.atttypmod), 'notNull', a.attnotnull, 'filled', a.atthasdef or a.attidentity <> '' or a.attgenerated <> ''))
      from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns,
    coalesce((select jsonb_object_agg(name, jsonb_build_object('kind', kind, 'columns', columns, 'definition', definition)) from (
        select conname as name, ${KINDS} as kind, pg_get_constraintdef(o.oid) as definition,
          (select coalesce(jsonb_agg(attname order by attnum), '[]') from pg_attribute where attrelid = c.oid and attnum = any (conkey)) as columns
        from pg_constraint o where o.conrelid = c.oid and contype in ('p', 'u', 'c', 'f', 'x')
        union all
        select i.relname, 'unique', pg_get_indexdef(x.indexrelid),
          (select coalesce(jsonb_agg(attname order by attnum), '[]') from pg_attribute where attrelid = c.oid and attnum = any (x.indkey::int2[]))
        from pg_index x join pg_class i on i.oid = x.indexrelid
        where x.indrelid = c.oid and x.indisunique and not exists (select from pg_constraint where conindid = x.indexrelid)) found), '{}') as constraints,
    (select coalesce(jsonb_agg(role || ' ' || lower(privilege) order by role, privilege), '[]')
      from unnest(array['app', 'system']) role, unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE']) privilege
      where has_table_privilege($1 || '_' || role, c.oid, privilege)) as rights
  from pg_class c where c.relkind in ('r', 'p') and c.relnamespace = to_regnamespace($1) order by c.relname`;

/** Reads the tables of a subgraph's schema; needs a connection that may see all of them. */
export async function readTables(client: Pick<pg.Client, 'query'>, schema: string): Promise<Tables> {
  const { rows } = await client.query<Table & { name: string }>(SQL, [schema]);
  return Object.fromEntries(rows.map(({ name, ...table }) => [name, table]));
}

/** The values that a column may have, where a check lists them: `CHECK ((state = ANY (ARRAY['A'::text, 'B'::text])))`. */
export function listedValues({ kind, definition }: Constraint): string[] | undefined {
  if (kind !== 'check' || !/^CHECK \(\(\w+ = (ANY \(ARRAY\[[^\]]*\]\)|'(?:[^']|'')*'::\w+)\)\)$/.test(definition)) return undefined;
  return [...definition.matchAll(/'((?:[^']|'')*)'::/g)].map(([, value]) => value!.replaceAll("''", "'"));
}
