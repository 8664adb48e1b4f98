import type { issueWaybill } from '@quanyu/calls';
import { killPoint } from '@quanyu/database';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { log } from '@quanyu/telemetry';
import type { z } from 'zod';
import type { IssuedWaybill } from '../../channels/connector.js';
import { isMasked, phoneEnd, receiverOf, type ToldReceiver } from '../../domain/receiver.js';
import { PlatformError } from '../../outbound/platform-error.js';
import type { Shops } from '../../outbound/shops.js';
import { issuingChannel } from '../../queries/issuing-channel.js';
import { openShop } from '../connections/open-shop.js';

type Deps = Pick<SubgraphDeps, 'database' | 'vault'>;
type Input = z.output<typeof issueWaybill.input>;
type Output = z.input<typeof issueWaybill.output>;

/** So long carriers know a request again. After that it may be another number, and a person has to look. */
const KNOWN_HOURS = 47;

interface Row { connection_id: string; carrier: string; state: 'ASKED' | 'ISSUED'; tracking_number: string | null; route_code: string | null; sorting_code: string | null; sealed_print: string | null; stale: boolean }

/**
 * Gets a number of a carrier, one for each request. Whom to ask is kept before anybody is asked: a try whose answer got
 * lost, or that was killed, asks the same one again under the same id, and is told the same number.
 */
export async function issueWaybillAt(deps: Deps, shops: Shops, input: Input): Promise<Output> {
  const { tenantId, requestId, orderId, carrier } = input;
  const receiver = JSON.parse(deps.vault.open(input.sealedReceiver, { tenantId, row: orderId, field: 'shipTo' })) as ToldReceiver;
  const row = await pin(deps, input, isMasked(receiver));
  if (row === null) return refused(isMasked(receiver) ? 'MASKED_RECEIVER' : 'NO_CARRIER_ACCOUNT');
  if (row.carrier !== carrier) return refused('REQUEST_CHANGED');
  if (row.state === 'ISSUED') return issuedOf(row);
  if (row.stale) return refused('UNCERTAIN');
  killPoint('bridge.issue-waybill:asking');
  try {
    const shop = await openShop(deps, shops, { tenantId, connectionId: row.connection_id });
    if (shop?.client.issueWaybill === undefined) return await letGo(deps, input, 'NO_CARRIER_ACCOUNT');
    const issued = await shop.client.issueWaybill({
      requestId, carrier, externalOrderId: input.externalOrderId, sender: receiverOf(JSON.parse(deps.vault.open(input.sealedSender, { tenantId, row: tenantId, field: 'sender' })) as ToldReceiver),
      receiver: receiverOf(receiver), receiverKey: receiver.oaid ?? null, goods: input.goods, pieces: input.pieces, weightGrams: input.weightGrams,
    });
    killPoint('bridge.issue-waybill:answered');
    return issuedOf(await keep(deps, input, issued, phoneEnd(receiver)));
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    log.warn('carrier gives no number', { tenantId, connectionId: row.connection_id, orderId, step: 'issue-waybill', errorCode: error.code });
    const code = (error.details.platformCode || error.code).slice(0, 64);
    // A "no" was no number: the next try may go another way. Whatever passes may have been a yes that got lost.
    return error.passing || error.code === 'ANSWER_INVALID' ? { kind: 'refused', code, retryable: true } : letGo(deps, input, code);
  }
}

const refused = (code: string): Output => ({ kind: 'refused', code, retryable: false });

const COLUMNS = `connection_id, carrier, state, tracking_number, route_code, sorting_code, sealed_print, asked_at < app_now() - interval '${KNOWN_HOURS} hours' as stale`;

/** The row of a request, made where it is new; null where nobody can number the parcel. */
async function pin(deps: Deps, { tenantId, requestId, connectionId, carrier }: Input, masked: boolean): Promise<Row | null> {
  const [known] = await deps.database.read(tenantId, (em) => em.execute<Row[]>(`select ${COLUMNS} from waybill_issue where request_id = ?`, [requestId]));
  if (known !== undefined) return known;
  const via = await issuingChannel(deps, { tenantId, connectionId, carrier, masked });
  if (via === null) return null;
  return deps.database.write(tenantId, 'ask-waybill', async (em) => {
    await em.execute('insert into waybill_issue (request_id, tenant_id, connection_id, carrier) values (?, ?, ?, ?) on conflict do nothing', [requestId, tenantId, via, carrier]);
    // Another try may have been first: then it has said whom to ask.
    const [row] = await em.execute<Row[]>(`select ${COLUMNS} from waybill_issue where request_id = ?`, [requestId]);
    return row ?? null;
  });
}

function keep(deps: Deps, { tenantId, requestId }: Input, { trackingNumber, routeCode, sortingCode, printData }: IssuedWaybill, end: string | null): Promise<Row> {
  const seal = (text: string | null, field: string): string | null => (text === null ? null : deps.vault.seal(text, { tenantId, row: requestId, field }));
  return deps.database.write(tenantId, 'keep-waybill', async (em) => {
    await em.execute(
      `update waybill_issue set state = 'ISSUED', tracking_number = ?, route_code = ?, sorting_code = ?, sealed_print = ?, sealed_phone_end = ?, issued_at = app_now() where request_id = ? and state = 'ASKED'`,
      [trackingNumber, routeCode?.slice(0, 64) ?? null, sortingCode?.slice(0, 64) ?? null, seal(printData, 'print'), seal(end, 'phoneEnd'), requestId]);
    const [row] = await em.execute<Row[]>(`select ${COLUMNS} from waybill_issue where request_id = ?`, [requestId]);
    return row!;
  });
}

async function letGo(deps: Deps, { tenantId, requestId }: Input, code: string): Promise<Output> {
  await deps.database.write(tenantId, 'refuse-waybill', (em) => em.execute("delete from waybill_issue where request_id = ? and state = 'ASKED'", [requestId]));
  return refused(code);
}

const issuedOf = ({ tracking_number: trackingNumber, route_code: routeCode, sorting_code: sortingCode, sealed_print: sealedPrint }: Row): Output =>
  ({ kind: 'issued', trackingNumber: trackingNumber!, routeCode, sortingCode, sealedPrint });
