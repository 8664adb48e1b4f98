import type { Vault } from '@quanyu/pii';
import type { SalesOrderRow } from '../entities/sales-order.entity.js';

/** Where an order goes, as it was told; masked where the channel masks. */
export interface ShipTo {
  readonly name?: string | null; readonly phone?: string | null; readonly address1?: string | null; readonly address2?: string | null;
  readonly city?: string | null; readonly province?: string | null; readonly countryCode?: string | null; readonly oaid?: string | null;
}

/** In clear: for labels and carriers, never for an answer of the graph. */
export const openShipTo = (vault: Vault, order: Pick<SalesOrderRow, 'id' | 'tenantId' | 'sealedShipTo'>): ShipTo | null =>
  (order.sealedShipTo ? JSON.parse(vault.open(order.sealedShipTo, { tenantId: order.tenantId, row: order.id, field: 'shipTo' })) as ShipTo : null);
