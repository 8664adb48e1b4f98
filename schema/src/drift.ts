import { listedValues, type Column, type Table, type Tables } from './tables.js';

/** What the mapping of an entity says, in the words of MikroORM's metadata. */
export interface MappedEntity {
  readonly tableName: string;
  /** Never written through the mapping, which may then leave columns out and know a row by another of its ids. */
  readonly readonly?: boolean;
  readonly properties: Readonly<Record<string, MappedProperty>>;
}
export interface MappedProperty {
  readonly fieldNames?: readonly string[];
  readonly columnTypes?: readonly string[];
  readonly nullable?: boolean;
  readonly primary?: boolean;
  readonly items?: readonly unknown[];
  readonly persist?: boolean;
}

/** Names that PostgreSQL and the mapping have for the same kind of value. */
const FAMILIES: readonly (readonly [RegExp, string])[] = [
  [/^(text|varchar|character varying|char|character)\b.*\[\]$/, 'texts'],
  [/^(text|varchar|character varying|char|character)\b/, 'text'],
  [/^(bigint|int8)\b/, 'bigint'],
  [/^(int|int4|integer|smallint|int2)\b/, 'int'],
  [/^(timestamptz|timestamp)\b/, 'instant'],
  [/^(jsonb|json)\b/, 'json'],
  [/^(numeric|decimal)\b/, 'numeric'],
  [/^(bool|boolean)\b/, 'boolean'],
];
const familyOf = (type: string): string => FAMILIES.find(([pattern]) => pattern.test(type))?.[1] ?? type.replace(/\(.*\)$/, '');

/** Where entities and migrated tables disagree, one sentence each. */
export function drift(entities: readonly MappedEntity[], tables: Tables): string[] {
  return entities.flatMap((entity) => {
    const table = tables[entity.tableName];
    if (table === undefined) return [`${entity.tableName} is mapped, but no migration makes it.`];
    const mapped = Object.values(entity.properties).filter(({ persist, fieldNames }) => persist !== false && fieldNames?.length);
    return [
      ...mapped.flatMap((property) => columnFaults(entity.tableName, property, table)),
      ...(entity.readonly === true ? [] : [...unmapped(entity.tableName, mapped, table), ...keyFaults(entity.tableName, mapped, table)]),
    ];
  });
}

function columnFaults(table: string, property: MappedProperty, { columns, constraints }: Table): string[] {
  const name = property.fieldNames![0]!;
  const at = `${table}.${name}`;
  const column: Column | undefined = columns[name];
  if (column === undefined) return [`${at} is mapped, but the table has no such column.`];
  const [mapped, real] = [familyOf(property.columnTypes?.[0] ?? ''), familyOf(column.type)];
  const wrongType = mapped === real ? [] : [`${at} is mapped as ${property.columnTypes?.[0]}, but the column is ${column.type}.`];
  const nullable = property.nullable === true;
  const wrongNull = nullable === !column.notNull ? [] : [nullable ? `${at} is mapped as nullable, but the column is not null.` : `${at} may be null in the table, but the mapping says never.`];
  return [...wrongType, ...wrongNull, ...valueFaults(at, name, property, constraints)];
}

function valueFaults(at: string, name: string, { items }: MappedProperty, constraints: Table['constraints']): string[] {
  if (items === undefined) return [];
  return Object.values(constraints).filter(({ columns }) => columns.length === 1 && columns[0] === name).flatMap((constraint) => {
    const allowed = listedValues(constraint);
    if (allowed === undefined) return [];
    const known = items.map(String);
    return [
      ...known.filter((value) => !allowed.includes(value)).map((value) => `${at}: the table refuses ${value}, which the mapping knows.`),
      ...allowed.filter((value) => !known.includes(value)).map((value) => `${at}: the table takes ${value}, which the mapping does not know.`),
    ];
  });
}

/** An insert through the entity would leave these empty, and the table would refuse it. */
const unmapped = (table: string, mapped: readonly MappedProperty[], { columns }: Table): string[] => {
  const known = new Set(mapped.flatMap(({ fieldNames }) => fieldNames!));
  return Object.entries(columns).filter(([name, column]) => column.notNull && !column.filled && !known.has(name))
    .map(([name]) => `${table}.${name} is not null and has no default, but is not mapped: every insert would fail.`);
};

function keyFaults(table: string, mapped: readonly MappedProperty[], { constraints }: Table): string[] {
  const key = Object.values(constraints).find(({ kind }) => kind === 'primary')?.columns ?? [];
  const says = mapped.filter(({ primary }) => primary === true).flatMap(({ fieldNames }) => fieldNames!);
  const same = key.length === says.length && key.every((name) => says.includes(name));
  return same ? [] : [`${table} is mapped with the key (${says.join(', ')}), but the table's is (${key.join(', ')}).`];
}
