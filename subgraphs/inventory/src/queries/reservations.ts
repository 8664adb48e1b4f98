import { defineListLoader, defineLoader, keysetPage, type GraphContext, type Page, type PageRequest } from '@quanyu/subgraph';
import type { ReservationState } from '../domain/reservation-states.js';
import { Reservation, ReservationLine, type ReservationLineRow, type ReservationRow } from '../entities/reservation.entity.js';

const READ_ONLY = { disableIdentityMap: true } as const;

export interface ReservationFilter { readonly keys?: readonly string[] | undefined; readonly states?: readonly ReservationState[] | undefined; readonly skuIds?: readonly string[] | undefined; readonly bucket?: string | undefined }

/** A reservation with its state of this moment: a hold past its end has ended, though nobody has written it. */
export type ReservationView = ReservationRow & { readonly stateNow: ReservationState };

const STATE_NOW = "case when r.state = 'HELD' and r.expires_at <= app_now() then 'EXPIRED' else r.state end";
const list = (values: readonly string[] | undefined): string | null => (values === undefined ? null : JSON.stringify(values));

/** Reservations, newest first; one statement a page. */
export const reservationPage = (ctx: GraphContext, filter: ReservationFilter, page: PageRequest): Promise<Page<ReservationView>> => {
  const conditions: [sql: string, params: readonly unknown[]][] = [['r.tenant_id = ?', [ctx.viewer.tenantId]]];
  if (filter.keys !== undefined) conditions.push(['r.key in (select jsonb_array_elements_text(?::jsonb))', [list(filter.keys)]]);
  if (filter.states !== undefined) conditions.push([`${STATE_NOW} in (select jsonb_array_elements_text(?::jsonb))`, [list(filter.states)]]);
  if (filter.bucket !== undefined) conditions.push(['r.bucket = ?', [filter.bucket]]);
  if (filter.skuIds !== undefined) conditions.push(['exists (select from reservation_line line where line.reservation_id = r.id and line.sku_id in (select jsonb_array_elements_text(?::jsonb)))', [list(filter.skuIds)]]);
  const where = conditions.map(([sql]) => sql).join(' and ');
  const params = conditions.flatMap(([, values]) => values);
  return keysetPage<ReservationView>(page,
    ({ id = {} }, orderBy, limit) => ctx.read(async (em) => {
      const rows = await em.execute<{ state_now: ReservationState }[]>(
        `select r.*, ${STATE_NOW} as state_now from reservation r where ${where} and (?::text is null or r.id < ?) and (?::text is null or r.id > ?) order by r.id ${orderBy.id} limit ?`,
        [...params, id.$lt ?? null, id.$lt ?? null, id.$gt ?? null, id.$gt ?? null, limit]);
      return rows.map(({ state_now: stateNow, ...row }) => ({ ...em.map(Reservation, row as never), stateNow }) as ReservationView);
    }),
    () => ctx.read(async (em) => {
      const [row] = await em.execute<{ count: number }[]>(`select count(*)::int as count from reservation r where ${where}`, [...params]);
      return row!.count;
    }));
};

export const reservationById = defineLoader<string, ReservationView>(async (ctx, ids) => {
  const rows = await ctx.read((em) => em.execute<{ state_now: ReservationState }[]>(
    `select r.*, ${STATE_NOW} as state_now from reservation r where r.tenant_id = ? and r.id in (select jsonb_array_elements_text(?::jsonb))`, [ctx.viewer.tenantId, JSON.stringify(ids)])
    .then((found) => found.map(({ state_now: stateNow, ...row }) => ({ ...em.map(Reservation, row as never), stateNow }) as ReservationView)));
  return new Map(rows.map((row) => [row.id, row]));
});

export const linesOfReservation = defineListLoader<string, ReservationLineRow>(
  (ctx, ids) => ctx.read((em) => em.find(ReservationLine, { tenantId: ctx.viewer.tenantId, reservationId: { $in: ids as never } }, { ...READ_ONLY, orderBy: { skuId: 'asc', stockLevelId: 'asc' } })),
  (line) => line.reservationId);

export interface Acknowledgement { readonly connectionId: string; readonly externalOrderId: string; readonly acknowledgedAt: string }

/** Systems outside that know a reservation's order as their own. */
export const acknowledgementsOf = defineListLoader<string, Acknowledgement & { readonly key: string }>(
  (ctx, keys) => ctx.read((em) => em.execute(
    `select reservation_key as key, connection_id as "connectionId", external_order_id as "externalOrderId", acknowledged_at as "acknowledgedAt"
     from outside_order where tenant_id = ? and reservation_key in (select jsonb_array_elements_text(?::jsonb)) order by connection_id`, [ctx.viewer.tenantId, JSON.stringify(keys)])),
  (row) => row.key);
