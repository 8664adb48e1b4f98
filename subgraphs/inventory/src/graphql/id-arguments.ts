import { parseId, type Id, type IdPrefix } from '@quanyu/ids';
import { ProductError } from '@quanyu/subgraph';

const MOST = 250;

/** Ids of one kind that a client gave; undefined when it gave none. Throws INVALID_ID, or INPUT_INVALID for too many. */
export function parseIds<P extends IdPrefix>(prefix: P, ids: readonly string[] | null | undefined): Id<P>[] | undefined {
  if (ids === null || ids === undefined) return undefined;
  if (ids.length > MOST) throw new ProductError('INPUT_INVALID', `at most ${MOST} ids`);
  return ids.map((id) => parseId(prefix, id));
}

/** One id that may be left out. */
export const parseOptionalId = <P extends IdPrefix>(prefix: P, id: string | null | undefined): Id<P> | null => (id === null || id === undefined ? null : parseId(prefix, id));
