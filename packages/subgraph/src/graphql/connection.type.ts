import { isId, type IdPrefix } from '@quanyu/ids';
import { ArgsType, Directive, Field, Int, ObjectType, type ClassType } from 'type-graphql';
import { ProductError } from '../errors.js';

@Directive('@shareable')
@Directive('@tag(name: "public")')
@ObjectType()
export class PageInfo {
  @Field() hasNextPage!: boolean;
  @Field() hasPreviousPage!: boolean;
  @Field(() => String, { nullable: true }) startCursor!: string | null;
  @Field(() => String, { nullable: true }) endCursor!: string | null;
}

@ArgsType()
export class PageArgs {
  @Field(() => Int, { nullable: true, description: 'How many from the start or after `after`; 20 by default, 250 at most.' })
  first?: number;

  @Field(() => String, { nullable: true })
  after?: string;

  @Field(() => Int, { nullable: true, description: 'How many from the end or before `before`.' })
  last?: number;

  @Field(() => String, { nullable: true })
  before?: string;
}

/** One page as a query answers it. `totalCount` counts when it is read, which is only when a client asks for it. */
export interface Page<Node> {
  readonly nodes: readonly Node[];
  readonly edges: readonly { readonly node: Node; readonly cursor: string }[];
  readonly pageInfo: PageInfo;
  readonly totalCount: Promise<number>;
}

/** Makes the Relay connection type of a node. */
export function Connection<Node extends object>(nodeClass: ClassType<Node>, name: string): ClassType<Page<Node>> {
  @ObjectType(`${name}Edge`)
  class Edge {
    @Field(() => nodeClass) node!: Node;
    @Field() cursor!: string;
  }

  @ObjectType(`${name}Connection`)
  class ConnectionClass {
    @Field(() => [nodeClass]) nodes!: Node[];
    @Field(() => [Edge]) edges!: Edge[];
    @Field(() => PageInfo) pageInfo!: PageInfo;
    @Field(() => Int, { description: 'How many there are in all; counted only when asked for.' }) totalCount!: number;
  }
  return ConnectionClass as unknown as ClassType<Page<Node>>;
}

const MAX_PAGE = 250;

/** A page that was asked for, checked. `after`/`before` are ids: lists go from new to old by their time-ordered ids. */
export interface PageRequest { readonly limit: number; readonly backwards: boolean; readonly after: string | null; readonly before: string | null }

/** Page arguments as a client sends them: null says as little as a missing one. */
type AskedPage = { readonly [Name in keyof PageArgs]?: PageArgs[Name] | null };

/**
 * Checks page arguments; throws PAGE_SIZE_INVALID or CURSOR_INVALID.
 * @param prefix of the list's ids: a cursor of another list would silently give an empty page or the first one.
 */
export function parsePage({ first, last, after, before }: AskedPage, prefix?: IdPrefix): PageRequest {
  const isSet = (value: unknown): boolean => value !== undefined && value !== null;
  const limit = first ?? last ?? 20;
  if (limit < 1 || limit > MAX_PAGE || (isSet(first) && isSet(last))) throw new ProductError('PAGE_SIZE_INVALID');
  return { limit, backwards: !isSet(first) && isSet(last), after: decode(after, prefix), before: decode(before, prefix) };
}

const encode = (id: string): string => Buffer.from(`i:${id}`).toString('base64url');

function decode(cursor: string | null | undefined, prefix: IdPrefix | undefined): string | null {
  if (cursor === null || cursor === undefined) return null;
  const [, id] = /^i:(.*)$/.exec(Buffer.from(cursor, 'base64url').toString('utf8')) ?? [];
  if (id === undefined || !isId(prefix ?? (id.slice(0, 3) as IdPrefix), id)) throw new ProductError('CURSOR_INVALID');
  return id;
}

/**
 * Reads one page from new to old by id: a keyset, never an OFFSET.
 * @param find answers rows with ids inside the bounds, in the order asked for, at most `limit`.
 */
export async function keysetPage<Row extends { readonly id: string }>(
  request: PageRequest,
  find: (bounds: { readonly id?: { readonly $lt?: string; readonly $gt?: string } }, orderBy: { readonly id: 'asc' | 'desc' }, limit: number) => Promise<readonly Row[]>,
  totalCount: () => Promise<number>,
): Promise<Page<Row>> {
  const { limit, backwards, after, before } = request;
  const id = { ...(after !== null && { $lt: after }), ...(before !== null && { $gt: before }) };
  const rows = await find(Object.keys(id).length > 0 ? { id } : {}, { id: backwards ? 'asc' : 'desc' }, limit + 1);
  const more = rows.length > limit;
  const nodes = rows.slice(0, limit);
  if (backwards) nodes.reverse();
  const edges = nodes.map((node) => ({ node, cursor: encode(node.id) }));
  return {
    nodes,
    edges,
    get totalCount() { return totalCount(); },
    pageInfo: {
      hasNextPage: backwards ? before !== null : more,
      hasPreviousPage: backwards ? more : after !== null,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}
