import { maskAddressLine, maskName, maskPhone, type Vault } from '@quanyu/pii';
import type { SalesOrderRow } from '../entities/sales-order.entity.js';

export interface Masked {
  readonly name: string | null; readonly phone: string | null; readonly addressLine: string | null; readonly city: string | null;
  readonly province: string | null; readonly postalCode: string | null; readonly countryCode: string | null;
}

/** The order's address with name, phone and street masked; null where the channel told none. */
export function maskedAddress(vault: Vault, order: Pick<SalesOrderRow, 'id' | 'tenantId' | 'sealedShipTo'>): Masked | null {
  if (order.sealedShipTo === null || order.sealedShipTo === undefined) return null;
  const plain = JSON.parse(vault.open(order.sealedShipTo, { tenantId: order.tenantId, row: order.id, field: 'shipTo' })) as Record<string, string | null | undefined>;
  const street = [plain.address1, plain.address2].filter(Boolean).join(' ');
  return {
    name: plain.name ? maskName(plain.name) : null,
    phone: plain.phone ? maskPhone(plain.phone) : null,
    addressLine: street === '' ? null : maskAddressLine(street),
    city: plain.city ?? null,
    province: plain.province ?? null,
    postalCode: plain.postalCode ?? null,
    countryCode: plain.countryCode ?? null,
  };
}
