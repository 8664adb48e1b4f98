import { refuse, type GraphContext, type Refusal } from '@quanyu/subgraph';
import type { OutsideFigure } from '../../domain/follow-outside.js';
import type { InventoryErrorCode } from '../../errors.js';

export interface SetStockAuthority {
  readonly locationId: string;
  /** null: the location counts for itself. */
  readonly follows: { readonly connectionId: string; readonly figure: OutsideFigure } | null;
}

export type AuthoritySet = { readonly kind: 'set'; readonly locationId: string };

/** Says whether a location counts for itself or follows a system outside. What that told before, of another connection or figure, is forgotten. */
export function setStockAuthority(ctx: GraphContext, { locationId, follows }: SetStockAuthority): Promise<AuthoritySet | Refusal<InventoryErrorCode>> {
  const { viewer: { tenantId }, viewer } = ctx;
  return ctx.write('set-stock-authority', async (em) => {
    const [location] = await em.execute<unknown[]>('select 1 from location where tenant_id = ? and id = ? for key share', [tenantId, locationId]);
    if (location === undefined) return refuse('LOCATION_UNKNOWN', 'locationId');
    if (follows !== null && !viewer.seesChannel(follows.connectionId)) return refuse('CHANNEL_NOT_FOUND', 'follows', 'connectionId');
    if (follows === null) await em.execute('delete from stock_authority where tenant_id = ? and location_id = ?', [tenantId, locationId]);
    else {
      await em.execute(
        `insert into stock_authority as a (location_id, tenant_id, connection_id, figure) values (?, ?, ?, ?)
         on conflict (location_id) do update set connection_id = excluded.connection_id, figure = excluded.figure, version = a.version + 1, updated_at = app_now()
         where (a.connection_id, a.figure) <> (excluded.connection_id, excluded.figure)`, [locationId, tenantId, follows.connectionId, follows.figure]);
    }
    await em.execute('update outside_figure set agreed_versions = null where tenant_id = ? and location_id = ?', [tenantId, locationId]);
    return { kind: 'set', locationId };
  });
}
