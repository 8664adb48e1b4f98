import type { Database } from '@quanyu/database';
import { maskAddressLine, maskName, maskPhone, type PostalAddress } from '@quanyu/pii';
import { defineListLoader, type GraphContext } from '@quanyu/subgraph';

interface Row { readonly id: string; readonly memberId: string; readonly label: string; readonly isDefault: boolean; readonly sealed: string }
/** An address as it is shown: name, phone and street masked. */
export interface MaskedMemberAddress {
  readonly id: string; readonly label: string; readonly isDefault: boolean; readonly name: string; readonly phone: string; readonly addressLine: string;
  readonly city: string | null; readonly province: string | null; readonly postalCode: string | null; readonly countryCode: string;
}

const rows = defineListLoader<string, Row>(
  (ctx, memberIds) => ctx.read((em) => em.execute<Row[]>(
    `select id, member_id as "memberId", label, is_default as "isDefault", sealed from member_address
     where tenant_id = ? and member_id in (select jsonb_array_elements_text(?::jsonb)) order by is_default desc, id`, [ctx.viewer.tenantId, JSON.stringify(memberIds)])),
  (row) => row.memberId);

/** A member's addresses, the default first, masked; one statement for many members. */
export async function addressesOf(ctx: GraphContext, memberId: string): Promise<MaskedMemberAddress[]> {
  const { tenantId } = ctx.viewer;
  return (await rows(ctx).load(memberId)).map(({ id, label, isDefault, sealed }) => {
    const { name, phone, address1, address2, city, province, postalCode, countryCode } = JSON.parse(ctx.deps.vault.open(sealed, { tenantId, row: id, field: 'address' })) as PostalAddress;
    return { id, label, isDefault, name: maskName(name), phone: maskPhone(phone), addressLine: maskAddressLine([address1, address2].filter(Boolean).join(' ')), city, province, postalCode, countryCode };
  });
}

/** Sealed, for the room that sends parcels; only a member's own. */
export async function sealedAddress(database: Database, { tenantId, memberId, addressId }: { readonly tenantId: string; readonly memberId: string; readonly addressId: string }): Promise<{ readonly sealed: string } | null> {
  const [row] = await database.read(tenantId, (em) => em.execute<{ sealed: string }[]>('select sealed from member_address where tenant_id = ? and member_id = ? and id = ?', [tenantId, memberId, addressId]));
  return row ?? null;
}
