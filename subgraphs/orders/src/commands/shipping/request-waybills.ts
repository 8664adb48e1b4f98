import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { afterCommit } from '@quanyu/database';
import { newId } from '@quanyu/ids';
import { once, refuse, type GraphContext, type Refusal, type SubgraphDeps } from '@quanyu/subgraph';
import { log } from '@quanyu/telemetry';
import { actorOf } from '../../domain/actor.js';
import { actionRefusal } from '../../domain/order-actions.js';
import { OrderException } from '../../entities/order-exception.entity.js';
import { SalesOrder, type SalesOrderRow } from '../../entities/sales-order.entity.js';
import { Waybill, type WaybillRow } from '../../entities/waybill.entity.js';
import type { OrdersErrorCode } from '../../errors.js';
import { adviseCarriers, type Advised } from '../../queries/carrier-advice.js';
import { actionable } from '../life/load-order.js';
import { note } from '../life/timeline.js';
import { isCarrier } from '../after-sale/treat-after-sale.js';

export const FETCH_WAYBILL = 'orders.fetch-waybill';
const MOST_ORDERS = 500;

export interface RequestWaybills {
  readonly orderIds: readonly string[];
  /** Null: the one that is advised for each. */
  readonly carrier: string | null;
  readonly idempotencyKey: string;
}
export interface WaybillsRequested { readonly kind: 'done'; readonly waybillIds: readonly string[]; readonly refused: readonly { readonly orderId: string; readonly code: OrdersErrorCode }[] }

/**
 * Asks for a number of a carrier for each of these orders. An order that has one, or waits for one, keeps it; one whose
 * carrier said no is tried again, with another carrier under another id. What cannot be sent is named, the others go on.
 */
export async function requestWaybills(ctx: GraphContext, input: RequestWaybills): Promise<WaybillsRequested | Refusal<OrdersErrorCode>> {
  const { orderIds, carrier } = input;
  if (orderIds.length === 0 || orderIds.length > MOST_ORDERS || new Set(orderIds).size < orderIds.length) return refuse('ORDERS_INVALID', 'orderIds');
  if (carrier !== null && !isCarrier(carrier)) return refuse('TRACKING_INVALID', 'carrier');
  const seen = await ctx.read((em) => em.find(SalesOrder, { tenantId: ctx.viewer.tenantId, id: { $in: orderIds as never } }, { disableIdentityMap: true }));
  // Asked of the catalog before any row is locked.
  const advised = await adviseCarriers(ctx, seen.filter(({ connectionId }) => ctx.viewer.seesChannel(connectionId)));
  return ctx.write('request-waybills', (em) => once<WaybillsRequested | Refusal<OrdersErrorCode>>(em, ctx.viewer.tenantId, { mutation: 'requestWaybills', key: input.idempotencyKey, input }, () => request(em, ctx, input, advised)));
}

async function request(em: EntityManager, ctx: GraphContext, { orderIds, carrier }: RequestWaybills, advised: ReadonlyMap<string, Advised>): Promise<WaybillsRequested | Refusal<OrdersErrorCode>> {
  const { tenantId } = ctx.viewer;
  const [sender] = await em.execute<unknown[]>('select 1 from sender where tenant_id = ?', [tenantId]);
  if (sender === undefined) return refuse('SENDER_MISSING');
  // In the order of their ids: two desks that ask for the same orders wait for each other once, not for ever.
  const orders = new Map((await em.find(SalesOrder, { id: { $in: [...advised.keys()] as never } }, { lockMode: LockMode.PESSIMISTIC_WRITE, orderBy: { id: 'asc' } })).map((order) => [order.id as string, order]));
  const waiting = new Set((await em.find(OrderException, { orderId: { $in: [...orders.keys()] as never }, state: 'OPEN', code: { $ne: 'SEND_SOON' } }, { disableIdentityMap: true })).map(({ orderId }) => orderId as string));
  const live = new Map((await em.find(Waybill, { orderId: { $in: [...orders.keys()] as never }, state: { $in: ['WANTED', 'ISSUED', 'FAILED'] } })).map((waybill) => [waybill.orderId as string, waybill]));
  const [waybillIds, refused]: [string[], { orderId: string; code: OrdersErrorCode }[]] = [[], []];
  const fresh: { order: SalesOrderRow; carrier: string }[] = [];
  for (const orderId of orderIds) {
    const order = orders.get(orderId);
    const known = live.get(orderId);
    const chosen = carrier ?? advised.get(orderId)?.choice.carrier ?? '';
    const code = order === undefined ? 'ORDER_NOT_FOUND' : known !== undefined && known.state !== 'FAILED' ? null : actionRefusal(actionable(order, waiting.has(orderId)), 'SHIP') ?? (order.sealedShipTo ? null : 'ADDRESS_MISSING');
    if (code !== null) refused.push({ orderId, code });
    else if (known === undefined) fresh.push({ order: order!, carrier: chosen });
    else if (known.state !== 'FAILED') waybillIds.push(known.id);
    else if (known.carrier === chosen) waybillIds.push(await tryAgain(em, known));
    else { known.state = 'VOID'; fresh.push({ order: order!, carrier: chosen }); }
  }
  // What is given up makes room before its successor takes it.
  await em.flush();
  for (const { order, carrier: by } of fresh) {
    const { province, grams } = advised.get(order.id)!;
    const id = newId('wbl');
    em.create(Waybill, { id, tenantId, orderId: order.id, connectionId: order.connectionId, carrier: by, state: 'WANTED', province, weightGrams: grams === null || grams === 0 ? null : grams, attempts: 0, printCount: 0 });
    waybillIds.push(id);
  }
  const wanted = waybillIds.filter((id) => ![...live.values()].some((known) => known.id === id && known.state === 'ISSUED'));
  afterCommit(em, () => { void ask(ctx.deps.jobs, tenantId, wanted); });
  return { kind: 'done', waybillIds, refused };
}

async function tryAgain(em: EntityManager, waybill: WaybillRow): Promise<string> {
  await em.execute("update waybill set state = 'WANTED', attempts = 0, next_at = app_now(), leased_until = null, failure_code = null where id = ?", [waybill.id]);
  return waybill.id;
}

/** Never fails: the rows are the truth, and what is due is found from them. */
async function ask(jobs: SubgraphDeps['jobs'], tenantId: string, waybillIds: readonly string[]): Promise<void> {
  try {
    for (const waybillId of waybillIds) await jobs.enqueue(FETCH_WAYBILL, { tenantId, waybillId }, { jobId: waybillId });
  } catch (error) {
    log.warn('waybills wait until they are found due', { tenantId, jobName: FETCH_WAYBILL, count: waybillIds.length, error });
  }
}

/** Gives a waybill up that was not sent: its number is not used, and the order may get another. */
export function voidWaybill(ctx: GraphContext, input: { readonly waybillId: string; readonly idempotencyKey: string }): Promise<{ readonly kind: 'done'; readonly waybillId: string } | Refusal<OrdersErrorCode>> {
  return ctx.write('void-waybill', (em) => once<{ readonly kind: 'done'; readonly waybillId: string } | Refusal<OrdersErrorCode>>(em, ctx.viewer.tenantId, { mutation: 'voidWaybill', key: input.idempotencyKey, input }, async () => {
    const waybill = await em.findOne(Waybill, { tenantId: ctx.viewer.tenantId, id: input.waybillId as never }, { lockMode: LockMode.PESSIMISTIC_WRITE });
    if (waybill === null || !ctx.viewer.seesChannel(waybill.connectionId)) return refuse('WAYBILL_NOT_FOUND', 'waybillId');
    // One that waits may have its number already, on the way to us.
    if (waybill.state !== 'ISSUED' && waybill.state !== 'FAILED') return refuse('WAYBILL_STATE', 'waybillId');
    waybill.state = 'VOID';
    const order = await em.findOneOrFail(SalesOrder, { id: waybill.orderId });
    note(em, order, { at: new Date(), by: actorOf(ctx.viewer) }, 'WAYBILL_GIVEN_UP', { waybillId: waybill.id, carrier: waybill.carrier });
    return { kind: 'done', waybillId: waybill.id };
  }));
}
