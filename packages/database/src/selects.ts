import type { EntityName, EntityProperty } from '@mikro-orm/core';
import type { MikroORM } from '@mikro-orm/postgresql';
import pg from 'pg';
import { SelectOnce, type PreparedSelect } from './prepared-select.js';

/** One value, any of several, or what lies beyond one. */
export type Condition<V> = V | readonly V[] | { readonly $lt?: V; readonly $gt?: V };

/** Which rows are wanted: all conditions hold. */
export type Conditions<Row> = { readonly [Name in keyof Row]?: Condition<Row[Name] & (string | number | boolean | Date | null)> };

/** In which order, and how many at most. */
export interface Wanted<Row> {
  readonly orderBy?: { readonly [Name in keyof Row]?: 'asc' | 'desc' };
  readonly limit?: number;
}

type Clause = readonly [column: string, operator: '=' | '= any' | 'is null' | '<' | '>'];

let made = 0;

/**
 * Reads rows of a table without the unit of work: plain objects by the names that the entity gives its columns, on one
 * round trip, by a statement that each connection parses once. For hot reads; whoever changes rows finds entities.
 */
export class Selects {
  readonly #known = new Map<string, PreparedSelect>();
  #pool: pg.Pool | undefined;

  constructor(private readonly orm: MikroORM, private readonly clock: (() => Date) | undefined, private readonly onQuery: ((sql: string) => void) | undefined) {}

  async rows<Row extends object>(tenantId: string, entity: EntityName<Row>, where: Conditions<Row>, wanted: Wanted<Row>): Promise<Row[]> {
    const clauses: Clause[] = [['tenantId', '=']];
    const values: unknown[] = [tenantId];
    for (const [column, condition] of Object.entries(where)) {
      for (const [operator, value] of clausesOf(condition)) {
        clauses.push([column, operator]);
        if (operator !== 'is null') values.push(value);
      }
    }
    const { limit, orderBy = {} } = wanted;
    if (limit !== undefined) values.push(limit);
    return this.#run(tenantId, this.#prepared(entity, clauses, orderBy, limit !== undefined), values);
  }

  async #run<Row>(tenantId: string, select: PreparedSelect, values: readonly unknown[]): Promise<Row[]> {
    this.#pool ??= await this.orm.em.getConnection().getNativeClient();
    const client = await this.#pool.connect();
    this.onQuery?.(select.text);
    try {
      return await new Promise<Row[]>((resolve, reject) => {
        const once = new SelectOnce<Row>(select, [tenantId, this.clock?.().toISOString() ?? ''], values);
        once.callback = (error, rows) => { if (error) reject(error); else resolve(rows ?? []); };
        client.query(once);
      });
    } finally {
      client.release();
    }
  }

  #prepared<Row extends object>(entity: EntityName<Row>, clauses: readonly Clause[], orderBy: NonNullable<Wanted<Row>['orderBy']>, limited: boolean): PreparedSelect {
    const { className, tableName, properties } = this.orm.getMetadata().get<Row>(entity);
    const key = JSON.stringify([className, clauses, orderBy, limited]);
    let select = this.#known.get(key);
    if (select !== undefined) return select;
    const all = Object.values<EntityProperty<Row>>(properties);
    const columnOf = (name: string): string => {
      const property = all.find((candidate) => candidate.name === name);
      if (property === undefined) throw new Error(`${className} has no ${name}`);
      return expressionOf(property, all);
    };
    let count = 0;
    const conditions = clauses.map(([name, operator]) => {
      if (operator === 'is null') return `${columnOf(name)} is null`;
      count += 1;
      return `${columnOf(name)} ${operator} ${operator === '= any' ? `($${count})` : `$${count}`}`;
    });
    const order = Object.entries(orderBy).map(([name, direction]) => `${columnOf(name)} ${String(direction)}`);
    const columns = all.map((property) => `${expressionOf(property, all)} as "${property.name}"`);
    const text = `select ${columns.join(', ')} from ${quoted(tableName)} as t where ${conditions.join(' and ')}${order.length === 0 ? '' : ` order by ${order.join(', ')}`}${limited ? ` limit $${count + 1}` : ''}`;
    select = { name: `quanyu_${made += 1}`, text, columns: all.map(({ name }) => name), wide: new Set(all.filter(({ customType }) => customType?.constructor.name === 'BigIntType').map(({ name }) => name)) };
    this.#known.set(key, select);
    return select;
  }
}

function clausesOf(condition: unknown): [Clause[1], unknown][] {
  if (condition === null) return [['is null', null]];
  if (Array.isArray(condition)) return [['= any', condition]];
  if (typeof condition !== 'object' || condition instanceof Date) return [['=', condition]];
  const { $lt, $gt } = condition as { $lt?: unknown; $gt?: unknown };
  return [...($lt === undefined ? [] : [['<', $lt] as [Clause[1], unknown]]), ...($gt === undefined ? [] : [['>', $gt] as [Clause[1], unknown]])];
}

/** Where a property of a row comes from: a column of its own, or a formula over others. */
function expressionOf<Row>(property: EntityProperty<Row>, all: readonly EntityProperty<Row>[]): string {
  const { kind, name, fieldNames, formula, customType } = property;
  const readable = customType === undefined || ['JsonType', 'ArrayType'].includes(customType.constructor.name) || (customType.constructor.name === 'BigIntType' && (customType as unknown as { mode?: string }).mode === 'number');
  if (kind !== 'scalar' || !readable) throw new Error(`${name} cannot be read without the unit of work`);
  if (formula === undefined) return `t.${quoted(fieldNames[0] as string)}`;
  const columns = Object.fromEntries(all.filter((other) => other.formula === undefined).map((other) => [other.name, `t.${quoted(other.fieldNames[0] as string)}`]));
  return (formula as unknown as (columns: Record<string, string>) => string)(columns);
}

const quoted = (name: string): string => `"${name}"`;
