import { GraphQLScalarType } from 'graphql';

type Resolve = (root: unknown, args: Record<string, unknown>, context: unknown, info: unknown) => unknown;
type Read = (root: unknown, args: Record<string, unknown>, context: unknown, info: unknown) => unknown;

interface Param { readonly kind: string; readonly index: number; readonly name?: string; readonly propertyName?: string; readonly getType?: () => unknown; readonly validateFn?: unknown; readonly validateSettings?: unknown }
interface FieldOfType { readonly name: string; readonly schemaName: string; readonly target: unknown; readonly middlewares?: readonly unknown[]; readonly roles?: readonly unknown[] }
interface FieldResolverOf extends FieldOfType { readonly kind: string; readonly methodName: string; readonly target: new () => Record<string, (...args: unknown[]) => unknown>; readonly getObjectType?: () => unknown; readonly params?: readonly Param[] }

/** What type-graphql has collected of all classes; it keeps this under a global name and exports no reader. */
interface Registry { readonly objectTypes: readonly { readonly name: string; readonly fields?: readonly FieldOfType[] }[]; readonly fieldResolvers: readonly FieldResolverOf[]; readonly inputTypes: readonly { readonly target: unknown }[] }

/**
 * Takes out of type-graphql's resolvers what costs without doing anything here, where nothing is validated or guarded by
 * it: a plain field is read by graphql-js itself, and a method whose parameters need no class made of them is called
 * as it is. Else each of thousands of fields an answer makes closures, a copy of its row and, with arguments, promises.
 */
export function withDirectResolvers(resolvers: Record<string, Record<string, unknown>>, classes: readonly Function[]): void {
  const registry = (globalThis as unknown as { readonly TypeGraphQLMetadataStorage?: Registry }).TypeGraphQLMetadataStorage;
  if (registry === undefined) return;
  const inputs = new Set(registry.inputTypes.map(({ target }) => target));
  const instances = new Map<unknown, Record<string, (...args: unknown[]) => unknown>>();
  for (const { name: type, fields = [] } of registry.objectTypes) {
    const own = resolvers[type];
    if (own === undefined) continue;
    for (const field of fields) {
      if (typeof own[field.schemaName] !== 'function') continue;
      const known = registry.fieldResolvers.find((candidate) => (candidate.kind === 'internal' || classes.includes(candidate.target)) && candidate.methodName === field.name && candidate.getObjectType?.() === field.target);
      if (known === undefined) {
        if (field.name === field.schemaName && !isGuarded(field)) Reflect.deleteProperty(own, field.schemaName);
        continue;
      }
      const reads = known.kind === 'external' && !isGuarded(known) ? readsOf(known.params ?? [], inputs) : undefined;
      if (reads === undefined) continue;
      let instance = instances.get(known.target);
      if (instance === undefined) instances.set(known.target, (instance = new known.target()));
      own[field.schemaName] = direct(instance, known.methodName, reads);
    }
  }
}

const isGuarded = ({ middlewares = [], roles }: FieldOfType): boolean => middlewares.length > 0 || roles !== undefined;

/** How each parameter is had from what a resolver is given; undefined where one has to be made into a class. */
function readsOf(params: readonly Param[], inputs: ReadonlySet<unknown>): Read[] | undefined {
  const reads: Read[] = [];
  for (const { kind, index, name = '', propertyName, getType, validateFn, validateSettings } of params) {
    if (propertyName !== undefined) return undefined;
    if (kind === 'root') reads[index] = (root) => root;
    else if (kind === 'context') reads[index] = (_root, _args, context) => context;
    else if (kind === 'info') reads[index] = (_root, _args, _context, info) => info;
    else if (kind === 'arg' && validateFn === undefined && validateSettings === undefined && isPlain(getType?.(), inputs)) reads[index] = (_root, args) => args[name];
    else return undefined;
  }
  return reads;
}

const PLAIN = new Set<unknown>([String, Number, Boolean, Date]);

/** A scalar, an enum, or a list of such. */
const isPlain = (type: unknown, inputs: ReadonlySet<unknown>): boolean =>
  type instanceof GraphQLScalarType || PLAIN.has(type) || (typeof type === 'object' && type !== null && !inputs.has(type));

const direct = (instance: Record<string, (...args: unknown[]) => unknown>, method: string, reads: readonly Read[]): Resolve =>
  (root, args, context, info) => instance[method]?.(...reads.map((read) => read(root, args, context, info)));
