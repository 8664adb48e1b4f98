import { LockMode } from '@mikro-orm/core';
import { channelSkuMapped } from '@quanyu/events';
import { newId } from '@quanyu/ids';
import { record } from '@quanyu/outbox';
import { once, refuse, type GraphContext, type Refusal } from '@quanyu/subgraph';
import { ChannelSku } from '../entities/channel-sku.entity.js';
import { Sku } from '../entities/sku.entity.js';
import type { CatalogErrorCode } from '../errors.js';

export interface MapChannelSku { readonly channelId: string; readonly externalSku: string; readonly skuId: string; readonly idempotencyKey: string }

export type ChannelSkuMappedTo = { readonly kind: 'mapped'; readonly mappingId: string };

/** Says which of our SKUs a channel means by a name; saying it anew changes what orders to come will mean. */
export function mapChannelSku(ctx: GraphContext, input: MapChannelSku): Promise<ChannelSkuMappedTo | Refusal<CatalogErrorCode>> {
  const { tenantId } = ctx.viewer;
  const { channelId: connectionId, externalSku, skuId, idempotencyKey: key } = input;
  return ctx.write('map-channel-sku', (em) => once<ChannelSkuMappedTo | Refusal<CatalogErrorCode>>(em, tenantId, { mutation: 'mapChannelSku', key, input }, async () => {
    if (externalSku.trim() === '' || externalSku.length > 512) return refuse('EXTERNAL_SKU_INVALID', 'externalSku');
    const sku = await em.findOne(Sku, { tenantId, id: skuId as never });
    if (sku === null) return refuse('SKU_NOT_FOUND', 'skuId');
    // Version 0 is a name without a meaning yet: whoever inserts it, the lock below decides who gives it one first.
    await em.execute(
      'insert into channel_sku (id, tenant_id, connection_id, external_sku, sku_id, version) values (?, ?, ?, ?, ?, 0) on conflict (tenant_id, connection_id, external_sku) do nothing',
      [newId('map'), tenantId, connectionId, externalSku, sku.id]);
    const mapping = await em.findOneOrFail(ChannelSku, { tenantId, connectionId, externalSku }, { lockMode: LockMode.PESSIMISTIC_WRITE });
    if (mapping.version === 0 || mapping.skuId !== sku.id) {
      mapping.skuId = sku.id;
      mapping.version += 1;
      record(em, channelSkuMapped({ tenantId, sequence: mapping.version, data: { connectionId, externalSku, skuId: sku.id } }));
    }
    return { kind: 'mapped', mappingId: mapping.id };
  }));
}
