import { readMemberAddress } from '@quanyu/calls';
import type { PostalAddress } from '@quanyu/pii';
import type { GraphContext } from '@quanyu/subgraph';

/** An address of a member's own book, in clear for the parcel alone; null where the member has no such one. */
export async function addressOfBook(ctx: GraphContext, { memberId, addressId }: { readonly memberId: string | null; readonly addressId: string | null }): Promise<PostalAddress | null> {
  if (memberId === null || addressId === null) return null;
  const { viewer: { tenantId }, deps: { calls, vault } } = ctx;
  const found = await calls.invoke(readMemberAddress, { tenantId, memberId, addressId });
  return found && (JSON.parse(vault.open(found.sealed, { tenantId, row: addressId, field: 'address' })) as PostalAddress);
}
