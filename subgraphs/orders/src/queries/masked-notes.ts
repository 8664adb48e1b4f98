import { maskText, type Vault } from '@quanyu/pii';
import type { SalesOrderRow } from '../entities/sales-order.entity.js';

type Notes = Readonly<Record<'buyer' | 'gift' | 'instructions' | 'seller', string | null>>;

/** What was written with the order, without the numbers that people are reached by; null where nothing was. */
export function maskedNotes(vault: Vault, { id, tenantId, sealedNotes }: Pick<SalesOrderRow, 'id' | 'tenantId' | 'sealedNotes'>): Notes | null {
  if (!sealedNotes) return null;
  const { buyer, gift, instructions, seller } = JSON.parse(vault.open(sealedNotes, { tenantId, row: id, field: 'notes' })) as Partial<Notes>;
  const shown = (text: string | null | undefined): string | null => (text ? maskText(text) : null);
  return { buyer: shown(buyer), gift: shown(gift), instructions: shown(instructions), seller: shown(seller) };
}
