import { isEnumType, isLeafType, isListType, isNonNullType, type GraphQLOutputType } from 'graphql';
import { leafOf } from './leaf.js';
import { OWN, slotName } from './positions.js';
import type { Data } from './representation.js';
import type { ObjectShape, Shape, ShapeField } from './shape.js';

/** Writes the JSON text of an object's answer; undefined when anything is amiss, so that it has to be completed with care. */
export type Writer = (object: Data, shared: readonly boolean[], introspected: Data) => string | undefined;

/** Thrown and caught here only; it needs no stack. */
const AMISS = { amiss: true };

/**
 * Compiles the writer of an answer: the JSON text comes straight from the subgraphs' objects, without a copy
 * in between.
 *
 * The code is generated, since a walk over the shape would look up each name in each object anew. All that goes
 * into it are names which GraphQL's grammar allows and texts made by JSON.stringify. Where the process forbids code from
 * strings, every answer takes the careful way.
 */
export function compileWriter(shape: Shape): Writer {
  const code = new WriterCode();
  const root = code.functionOf(shape);
  try {
    const text = `'use strict'; let shared, introspected; const EMPTY = Object.freeze({});
${code.functions.join('\n')}
return (object, sharedSlots, found) => { shared = sharedSlots; introspected = found; return ${root}(object); };`;
    const write = new Function('kit', 'enums', text)(KIT, code.enums) as Writer;
    return (object, shared, introspected) => {
      try {
        return write(object, shared, introspected);
      } catch (error) {
        if (error === AMISS) return undefined;
        throw error;
      }
    };
  } catch {
    return () => undefined;
  }
}

class WriterCode {
  readonly functions: string[] = [];
  readonly enums: ReadonlyMap<string, string>[] = [];
  readonly #byShape = new Map<Shape, string>();
  #count = 0;

  /** The name of the function that writes an object of a shape. */
  functionOf(shape: Shape): string {
    const known = this.#byShape.get(shape);
    if (known !== undefined) return known;
    const name = `object${this.#next()}`;
    this.#byShape.set(shape, name);
    const { assumedType } = shape;
    if (assumedType !== undefined) {
      const fields = shape.of(assumedType);
      this.functions.push(`function ${name}(o) { ${fields === undefined ? 'throw kit.AMISS;' : this.#body(fields)} }`);
      return name;
    }
    // Types with the same fields share their code: an interface may have dozens, of which the client names two.
    const bodies = new Map<string, string[]>();
    for (const type of shape.names) {
      const fields = shape.of(type);
      if (fields === undefined) continue;
      const body = this.#body(fields);
      bodies.set(body, [...(bodies.get(body) ?? []), type]);
    }
    const cases = [...bodies].map(([body, types]) => `${types.map((type) => `case ${JSON.stringify(type)}:`).join(' ')} { ${body} }`);
    this.functions.push(`function ${name}(o) { switch (o.__typename) { ${cases.join(' ')} default: throw kit.AMISS; } }`);
    return name;
  }

  #next(): number {
    return this.#count++;
  }

  #body({ type, concrete, fields, deferred }: ObjectShape): string {
    const unplanned = fields.some(({ key, providers }) => !key.startsWith('__') && providers.length === 0);
    if (unplanned || deferred.length > 0 || (!concrete && fields.some(({ key }) => key === '__typename'))) return 'throw kit.AMISS;';
    const parts: string[] = [];
    for (let at = 0; at < fields.length;) {
      const { slot } = fields[at] as ShapeField;
      let end = at + 1;
      while (slot !== OWN && fields[end]?.slot === slot) end += 1;
      const run = fields.slice(at, end).map((field, index) => `${JSON.stringify(`${at + index === 0 ? '' : ','}${JSON.stringify(field.responseName)}:`)} + ${this.#value(field, slot === OWN ? 'o' : 'e', type)}`).join(' + ');
      parts.push(slot === OWN ? run : this.#fromSlot(slot, run));
      at = end;
    }
    return `return '{' + ${[...parts, "'}'"].join(' + ')};`;
  }

  /** Entities are often the same for many objects: then the text of their fields is made once. */
  #fromSlot(slot: number, run: string): string {
    const name = `run${this.#next()}`;
    const entity = `o.${slotName(slot)}`;
    this.functions.push(`function ${name}(e) { return ${run}; }
function ${name}s(e) { if (e === null || e === undefined) return ${name}(EMPTY); if (!shared[${slot}]) return ${name}(e); const known = e.$${name}; return known !== undefined ? known : (e.$${name} = ${name}(e)); }`);
    return `${name}s(${entity})`;
  }

  #value(field: ShapeField, holder: string, type: string): string {
    if (field.key === '__typename') return JSON.stringify(JSON.stringify(type));
    if (field.key.startsWith('__')) return `kit.any(introspected[${JSON.stringify(field.responseName)}])`;
    return this.#valueOfType(field.type, field, `${holder}.${field.key}`);
  }

  #valueOfType(type: GraphQLOutputType, field: ShapeField, value: string): string {
    const [nullable, inner] = isNonNullType(type) ? [false, type.ofType as GraphQLOutputType] : [true, type];
    return `${this.#writerOf(inner, field)}${nullable ? 'n' : ''}(${value})`;
  }

  /** The name of a function of a value; with an n behind it, of one that may be null. */
  #writerOf(type: GraphQLOutputType, field: ShapeField): string {
    if (isLeafType(type)) {
      if (!isEnumType(type)) return `kit.${KNOWN_LEAVES[type.name] ?? 'any'}`;
      this.enums.push(new Map(type.getValues().map(({ name }) => [name, JSON.stringify(name)])));
      return this.#function(`const text = enums[${this.enums.length - 1}].get(v); if (text === undefined) throw kit.AMISS; return text;`);
    }
    if (isListType(type)) {
      const item = this.#valueOfType(type.ofType, field, 'v[i]');
      return this.#function(`if (!Array.isArray(v)) throw kit.AMISS; const { length } = v; if (length === 0) return '[]'; let i = 0; let text = '[' + ${item}; for (i = 1; i < length; i += 1) text += ',' + ${item}; return text + ']';`);
    }
    const object = this.functionOf(field.below as Shape);
    return this.#function(`if (typeof v !== 'object' || v === null || Array.isArray(v)) throw kit.AMISS; return ${object}(v);`);
  }

  #function(body: string): string {
    const name = `value${this.#next()}`;
    this.functions.push(`function ${name}(v) { ${body} }\nfunction ${name}n(v) { return v === null || v === undefined ? 'null' : ${name}(v); }`);
    return name;
  }
}

const KNOWN_LEAVES: Readonly<Record<string, string>> = { String: 'string', ID: 'id', Boolean: 'boolean', Int: 'int', Float: 'float' };

const amiss = (): never => {
  throw AMISS;
};

// Control characters, quotes, backslashes, and halves of surrogate pairs.
const NEEDS_ESCAPE = /[\u0000-\u001f"\\\ud800-\udfff]/;

function string(value: unknown): string {
  if (typeof value !== 'string') return amiss();
  return NEEDS_ESCAPE.test(value) ? JSON.stringify(value) : `"${value}"`;
}

const id = (value: unknown): string => (typeof value === 'string' ? string(value) : Number.isInteger(value) ? `"${String(value)}"` : amiss());
const boolean = (value: unknown): string => (value === true ? 'true' : value === false ? 'false' : amiss());
const int = (value: unknown): string => (typeof value === 'number' && (value | 0) === value ? `${value}` : amiss());
const float = (value: unknown): string => (typeof value === 'number' && Number.isFinite(value) ? JSON.stringify(value) : amiss());
const any = (value: unknown): string => (value === null || value === undefined || leafOf(ANY, value) === undefined ? amiss() : (JSON.stringify(value) ?? amiss()));
const ANY = { name: 'any' } as Parameters<typeof leafOf>[0];

const orNull = (write: (value: unknown) => string) => (value: unknown): string => (value === null || value === undefined ? 'null' : write(value));

const KIT = {
  AMISS, string, id, boolean, int, float, any,
  stringn: orNull(string), idn: orNull(id), booleann: orNull(boolean), intn: orNull(int), floatn: orNull(float), anyn: orNull(any),
};
