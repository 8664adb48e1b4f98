import type { GraphQLSchema } from 'graphql';
import { unavailable, type Faults } from './faults.js';
import type { Fetch } from './fetches.js';
import { OWN, slotName, type Position } from './positions.js';
import { isConcrete, representedTypes, type Data, type RepresentationOptions, type RepresentedField, type RepresentedType } from './representation.js';

/** The representations that one lane sends, each entity once. */
export interface Gathered {
  readonly representations: Data[];
  /** For each type, what is already there. */
  readonly known: readonly Map<unknown, number>[];
}

/** The objects that a fetch completes, and for each the index of its representation. */
export interface Targets { readonly objects: Data[]; readonly indexes: number[] }

/** The compiled part of a fetch: finds its objects, and hangs the answer on them. */
export interface Member {
  readonly fetch: Fetch;
  /** How many maps `Gathered.known` needs. */
  readonly types: number;
  gather(root: Data, gathered: Gathered, faults: Faults): Targets;
  attach(targets: Targets, entities: readonly (Data | null)[], faults: Faults): void;
}

/** What the generated functions call. */
interface Kit {
  readonly textOf: (value: unknown) => string;
  readonly holdsNull: (value: unknown) => boolean;
  /** Whether the object's fetch is hopeless, because of an error in what it needs. */
  readonly hopeless: (object: Data, type: RepresentedType, faults: Faults) => boolean;
  readonly builders: readonly ((value: unknown) => unknown)[];
  readonly move: (from: Data, to: Data, key: string, faults: Faults) => void;
  readonly refine: (object: Data, entity: Data, faults: Faults) => boolean;
  readonly types: readonly RepresentedType[];
}

/** Compiles a fetch: generated code, because one function for all would look up every name in every object anew. */
export function compileMember(fetch: Fetch, root: Position, at: Position, options: RepresentationOptions): Member {
  const types = representedTypes(fetch, at, options);
  const builders: ((value: unknown) => unknown)[] = [];
  const gatherCode = `'use strict'; const objects = [], indexes = [], { representations, known } = gathered;
${walkTo(fetch.path, root, fetch.requires === undefined ? takeAll() : takeByType(types, builders))}
return { objects, indexes };`;
  const typed = fetch.selection.selections.some((selection) => JSON.stringify(selection).includes('"__typename"'));
  const kit: Kit = {
    textOf, holdsNull, builders, types, move, hopeless: (object, type, faults) => hopeless(object, type, faults, fetch.id), refine: refinement(options.schema, fetch),
  };
  const gather = new Function('kit', 'root', 'gathered', 'faults', gatherCode).bind(undefined, kit) as Member['gather'];
  const attach = new Function('kit', 'targets', 'entities', 'faults', attachCode(fetch, at.sharedBy(fetch.id), typed)).bind(undefined, kit) as Member['attach'];
  return { fetch, types: types.length, gather, attach };
}

/** Loops from the root of the data to the objects of a path, and does `take` with each as `object`. */
function walkTo(path: readonly string[], root: Position, take: string): string {
  let [code, open, current] = ['', 0, 'root'];
  let position: Position | undefined = root;
  for (const [depth, key] of path.entries()) {
    const next = `v${depth}`;
    if (key === '@') {
      code += `if (Array.isArray(${current})) for (const ${next} of ${current}) if (${next} !== null && typeof ${next} === 'object') {\n`;
      open += 1;
    } else {
      const slot = position?.slotOf(key) ?? OWN;
      const holder = slot === OWN ? current : `${current}.${slotName(slot)}`;
      code += `${slot === OWN ? '' : `if (${holder} != null) `}{ const ${next} = ${holder}.${key}; if (${next} !== null && typeof ${next} === 'object') {\n`;
      open += 2;
      position = position?.below(key);
    }
    current = next;
  }
  return `${code}{ const object = ${current}; ${take} }${'}'.repeat(open)}`;
}

const takeAll = (): string => 'objects.push(object);';

function takeByType(types: readonly RepresentedType[], builders: ((value: unknown) => unknown)[]): string {
  const cases = types.map((type, index) => `case ${JSON.stringify(type.type)}: ${takeOne(type, index, builders)} break;`);
  return `switch (object.__typename) {\n${cases.join('\n')}\n}`;
}

function takeOne({ typename, fields, keys }: RepresentedType, index: number, builders: ((value: unknown) => unknown)[]): string {
  const values = fields.map(({ build }, n) => {
    if (build === undefined) return `const a${n} = ${valueOf(fields[n] as RepresentedField)};`;
    builders.push(build);
    return `const a${n} = kit.builders[${builders.length - 1}](${valueOf(fields[n] as RepresentedField)});`;
  });
  const missing = ['faults.any', ...fields.map((_field, n) => `a${n} === undefined`)].join(' || ');
  const nullKey = keys.length === 0 ? 'false' : keys.map((key) => `(${key.map((n) => (fields[n]?.build === undefined ? `a${n} === null` : `kit.holdsNull(a${n})`)).join(' || ')})`).join(' && ');
  const [only] = fields;
  const id = fields.length === 1 && only?.build === undefined ? "typeof a0 === 'object' ? kit.textOf(a0) : a0" : fields.map((_field, n) => `kit.textOf(a${n})`).join(" + ',' + ") || "''";
  const parts = fields.map(({ name }, n) => `${name}: a${n}`);
  return `{ ${values.join(' ')}
if ((${missing}) && kit.hopeless(object, kit.types[${index}], faults)) break;
if (${fields.map((_field, n) => `a${n} === undefined`).join(' || ') || 'false'}) break;
if (${nullKey}) break;
const id = ${id}; let at = known[${index}].get(id);
if (at === undefined) { at = representations.length; known[${index}].set(id, at); representations.push({ __typename: ${JSON.stringify(typename)}${parts.map((part) => `, ${part}`).join('')} }); }
objects.push(object); indexes.push(at); }`;
}

const valueOf = ({ key, slot }: RepresentedField): string => (slot === OWN ? `object.${key}` : `(object.${slotName(slot)} == null ? undefined : object.${slotName(slot)}.${key})`);

function attachCode(fetch: Fetch, shared: readonly string[], typed: boolean): string {
  const slot = slotName(fetch.id);
  const moves = shared.map((key) => `if (entity.${key} !== undefined) kit.move(entity, object, '${key}', faults);`);
  const entity = fetch.requires === undefined ? 'entities[0]' : 'entities[targets.indexes[n]]';
  const more = [typed && fetch.requires !== undefined ? 'if (!kit.refine(object, entity, faults)) continue;' : '', ...moves].join(' ');
  return `'use strict'; const { objects } = targets;
for (let n = 0; n < objects.length; n += 1) { const object = objects[n], entity = ${entity};
${more.trim() === '' ? '' : `if (entity !== null) { ${more} }`}
object.${slot} = entity; }`;
}

/** Unlike that of any other value; texts by their length, which is cheaper than to quote them. */
const textOf = (value: unknown): string => (typeof value === 'string' ? `${value.length}:${value}` : typeof value === 'number' ? `${value}` : (JSON.stringify(value) ?? ''));

const holdsNull = (value: unknown): boolean => value === null || (typeof value === 'object' && Object.values(value).some(holdsNull));

function hopeless(object: Data, { fields }: RepresentedType, faults: Faults, fetch: number): boolean {
  const reasons = fields.flatMap(({ key, slot }) => faults.reasons(object, slot, key));
  if (reasons.length === 0) return false;
  faults.block(object, fetch, reasons.map(({ error }) => ({ error, rest: [] })));
  return true;
}

/** Joins what two subgraphs said of one field; the one that says something wins over the one that does not. */
function move(from: Data, to: Data, key: string, faults: Faults): void {
  if (faults.any) faults.move(from, to, key);
  to[key] = Object.hasOwn(to, key) ? merge(to[key], from[key], faults) : from[key];
}

function merge(into: unknown, from: unknown, faults: Faults): unknown {
  if (into === null || into === undefined) return from;
  if (from === null || typeof from !== 'object' || typeof into !== 'object' || from === into) return into;
  if (Array.isArray(into)) {
    if (Array.isArray(from) && from.length === into.length) {
      from.forEach((item, index) => {
        if (faults.any) faults.move(from, into, index);
        into[index] = merge(into[index], item, faults);
      });
    }
    return into;
  }
  // A hostile answer may have an own `__proto__`, which an assignment would follow.
  for (const key of Object.keys(from)) if (key !== '__proto__') move(from as Data, into as Data, key, faults);
  return into;
}

/** Takes over a type that says more than an interface; refuses an entity of another type than was asked for. */
const refinement = (schema: GraphQLSchema, { id }: Fetch): Kit['refine'] => (object, entity, faults) => {
  const [had, has] = [object['__typename'], entity['__typename']];
  if (has === undefined || has === had || !isConcrete(schema, has)) return true;
  if (isConcrete(schema, had)) {
    faults.block(object, id, [{ error: unavailable(new Error('an entity came back as another type')), rest: [] }]);
    return false;
  }
  object['__typename'] = has;
  return true;
};
