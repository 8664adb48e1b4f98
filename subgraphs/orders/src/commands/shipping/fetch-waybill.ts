import type { EntityManager } from '@mikro-orm/postgresql';
import { issueWaybill } from '@quanyu/calls';
import { killPoint } from '@quanyu/database';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { log } from '@quanyu/telemetry';
import type { z } from 'zod';
import { system } from '../../domain/actor.js';
import { OrderLine } from '../../entities/order-line.entity.js';
import { SalesOrder, type SalesOrderRow } from '../../entities/sales-order.entity.js';
import { goodsText } from '../../domain/label-text.js';
import { note } from '../life/timeline.js';
import { FETCH_WAYBILL } from './request-waybills.js';

export interface WaybillRef { readonly tenantId: string; readonly waybillId: string }
type Deps = Pick<SubgraphDeps, 'database' | 'calls'>;
type Answer = z.output<typeof issueWaybill.output>;

/** 5 s, 30 s, 2 min, 10 min, then every hour: a carrier that is away is away for all of its parcels. */
const WAITS_SECONDS = [5, 30, 120, 600, 3_600];
const TRIES = 12;

interface Claimed { order_id: string; carrier: string; weight_grams: number | null; attempts: number }

/** Gets the number of one waybill. The try is counted before it is made; asked again it is the same number. Repeats safely. */
export async function fetchWaybill({ database, calls }: Deps, { tenantId, waybillId }: WaybillRef): Promise<void> {
  const [claimed] = await database.write(tenantId, 'claim-waybill', (em) => em.execute<Claimed[]>(
    `update waybill set attempts = attempts + 1, leased_until = app_now() + interval '2 minutes'
     where id = ? and state = 'WANTED' and next_at <= app_now() and (leased_until is null or leased_until < app_now()) returning order_id, carrier, weight_grams, attempts`, [waybillId]));
  if (claimed === undefined) return;
  const asked = await database.read(tenantId, async (em) => {
    const order = await em.findOneOrFail(SalesOrder, { id: claimed.order_id as never }, { disableIdentityMap: true });
    const lines = await em.find(OrderLine, { orderId: order.id }, { disableIdentityMap: true, orderBy: { id: 'asc' } });
    const [sender] = await em.execute<{ sealed: string }[]>('select sealed from sender where tenant_id = ?', [tenantId]);
    return { order, lines, sealedSender: sender?.sealed ?? '' };
  });
  const { order, lines } = asked;
  let answer: Answer;
  try {
    answer = await calls.invoke(issueWaybill, {
      tenantId, requestId: waybillId, orderId: order.id, connectionId: order.connectionId, externalOrderId: order.externalOrderId, carrier: claimed.carrier,
      sealedReceiver: order.sealedShipTo ?? '', sealedSender: asked.sealedSender, goods: goodsText(lines), pieces: Math.max(1, lines.reduce((sum, { quantity, shippedQuantity }) => sum + Math.max(0, quantity - shippedQuantity), 0)),
      weightGrams: claimed.weight_grams,
    });
  } catch (error) {
    log.warn('nobody answers for carriers', { tenantId, orderId: order.id, jobName: FETCH_WAYBILL, error });
    answer = { kind: 'refused', code: 'UNANSWERED', retryable: true };
  }
  killPoint('orders.fetch-waybill:answered');
  await database.write(tenantId, 'keep-waybill', (em) => keep(em, waybillId, order, claimed, answer));
}

async function keep(em: EntityManager, waybillId: string, { id: orderId }: SalesOrderRow, { carrier, attempts }: Claimed, answer: Answer): Promise<void> {
  if (answer.kind === 'refused' && answer.retryable && attempts < TRIES) {
    await em.execute("update waybill set leased_until = null, failure_code = ?, next_at = app_now() + make_interval(secs => ?) where id = ? and state = 'WANTED'", [answer.code, WAITS_SECONDS[Math.min(attempts, WAITS_SECONDS.length) - 1]!, waybillId]);
    return;
  }
  const changed = answer.kind === 'refused'
    ? await em.execute<unknown[]>("update waybill set state = 'FAILED', leased_until = null, failure_code = ? where id = ? and state = 'WANTED' returning 1", [answer.code, waybillId])
    : await em.execute<unknown[]>(
      `update waybill set state = 'ISSUED', leased_until = null, failure_code = null, tracking_number = ?, route_code = ?, sorting_code = ?, sealed_print = ?, issued_at = app_now() where id = ? and state = 'WANTED' returning 1`,
      [answer.trackingNumber, answer.routeCode, answer.sortingCode, answer.sealedPrint, waybillId]);
  if (changed.length === 0) return;
  const order = await em.findOneOrFail(SalesOrder, { id: orderId });
  const change = { at: new Date(), by: system(FETCH_WAYBILL) };
  if (answer.kind === 'refused') note(em, order, change, 'WAYBILL_FAILED', { waybillId, carrier, code: answer.code });
  else note(em, order, change, 'WAYBILL_ISSUED', { waybillId, carrier, trackingNumber: answer.trackingNumber });
}
