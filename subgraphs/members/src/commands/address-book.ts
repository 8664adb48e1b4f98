import { newId, type Id } from '@quanyu/ids';
import { addressFault, normalisePhone, type PostalAddress } from '@quanyu/pii';
import { once, refuse, type GraphContext, type Refusal } from '@quanyu/subgraph';
import type { MembersErrorCode } from '../errors.js';

const MOST_ADDRESSES = 50;

export interface SaveAddress { readonly addressId: string | null; readonly label: string; readonly address: PostalAddress; readonly isDefault: boolean; readonly idempotencyKey: string }
export type AddressSaved = { readonly kind: 'saved'; readonly addressId: string };

/** Keeps an address of the member who asks, sealed; a new one, or what stands in place of one of theirs. */
export function saveAddress(ctx: GraphContext, input: SaveAddress): Promise<AddressSaved | Refusal<MembersErrorCode>> {
  const { viewer: { tenantId, subjectId: memberId, kind }, deps: { vault } } = ctx;
  const { address, ...rest } = input;
  // The key's row keeps no address: what makes two requests the same is its keyed hash.
  const told = { ...rest, address: vault.index('address', JSON.stringify(Object.entries(address).sort()), tenantId) };
  return ctx.write('save-address', (em) => once<AddressSaved | Refusal<MembersErrorCode>>(em, tenantId, { mutation: `saveAddress ${memberId}`, key: input.idempotencyKey, input: told }, async () => {
    if (kind !== 'member') return refuse('MEMBER_REQUIRED');
    if (input.label.length > 40) return refuse('LABEL_INVALID', 'label');
    const phone = normalisePhone(address.phone, address.countryCode);
    const fault = addressFault(address, phone);
    if (fault !== null) return refuse('ADDRESS_INVALID', 'address', fault);
    // Of two who make a default at once the second must see the first.
    await em.execute("select pg_advisory_xact_lock(hashtext('members.addresses'), hashtext(?))", [memberId]);
    const [count] = await em.execute<{ count: number; mine: boolean }[]>('select count(*)::int as count, coalesce(bool_or(id = ?), false) as mine from member_address where member_id = ?', [input.addressId ?? '', memberId]);
    if (input.addressId !== null && !count!.mine) return refuse('ADDRESS_NOT_FOUND', 'addressId');
    if (input.addressId === null && count!.count >= MOST_ADDRESSES) return refuse('TOO_MANY_ADDRESSES');
    const id = (input.addressId ?? newId('adr')) as Id<'adr'>;
    // The first one is the default, whatever is said of it.
    const isDefault = input.isDefault || count!.count === 0;
    if (isDefault) await em.execute('update member_address set is_default = false where member_id = ? and is_default', [memberId]);
    await em.execute(
      `insert into member_address (id, tenant_id, member_id, label, sealed, is_default) values (?, ?, ?, ?, ?, ?)
       on conflict (id) do update set label = excluded.label, sealed = excluded.sealed, is_default = member_address.is_default or excluded.is_default, changed_at = app_now()`,
      [id, tenantId, memberId, input.label, vault.seal(JSON.stringify({ ...address, phone }), { tenantId, row: id, field: 'address' }), isDefault]);
    return { kind: 'saved', addressId: id };
  }));
}

/** Forgets an address of the member who asks. */
export function removeAddress(ctx: GraphContext, { addressId }: { readonly addressId: string }): Promise<{ readonly kind: 'removed' } | Refusal<MembersErrorCode>> {
  const { viewer: { subjectId: memberId, kind } } = ctx;
  return ctx.write('remove-address', async (em) => {
    const removed = kind === 'member' ? await em.execute<unknown[]>('delete from member_address where id = ? and member_id = ? returning 1', [addressId, memberId]) : [];
    return removed.length === 0 ? refuse('ADDRESS_NOT_FOUND', 'addressId') : { kind: 'removed' };
  });
}
