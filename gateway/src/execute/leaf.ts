import { isEnumType, type GraphQLLeafType } from 'graphql';

const LARGEST_INT = 2 ** 31;

/** The value of a leaf as the client gets it; undefined when it is none of its type. Scalars of the graph's own are taken as they are. */
export function leafOf(type: GraphQLLeafType, value: unknown): unknown {
  if (isEnumType(type)) return typeof value === 'string' && type.getValue(value) !== undefined ? value : undefined;
  switch (type.name) {
    case 'String': return typeof value === 'string' ? value : undefined;
    case 'ID': return typeof value === 'string' ? value : Number.isInteger(value) ? String(value) : undefined;
    case 'Boolean': return typeof value === 'boolean' ? value : undefined;
    case 'Int': return Number.isInteger(value) && (value as number) >= -LARGEST_INT && (value as number) < LARGEST_INT ? value : undefined;
    case 'Float': return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
    default: return typeof value === 'function' || typeof value === 'symbol' ? undefined : value;
  }
}
