import { answer, closePayment, fetchOpenOrders, issueWaybill, readOrdersAgain, refundPayment, startPayment, type CallHandler } from '@quanyu/calls';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { closePaymentAt, refundPaymentAt, startPaymentAt } from '../commands/payments.js';
import { issueWaybillAt } from '../commands/outgoing/issue-waybill.js';
import { openOrders, readAgain } from '../commands/sync/read-orders-again.js';
import { channelEnvironment } from '../environment.js';
import { Shops } from '../outbound/shops.js';

/** What orders asks of the platforms: payments, numbers of carriers, and what a shop counts as open. */
export function calls(deps: SubgraphDeps, shops = new Shops(channelEnvironment()), { publicUrl } = channelEnvironment()): readonly CallHandler[] {
  return [
    answer(startPayment, (input) => startPaymentAt(deps, shops, publicUrl, input)),
    answer(closePayment, (input) => closePaymentAt(deps, shops, input)),
    answer(refundPayment, (input) => refundPaymentAt(deps, shops, input)),
    answer(issueWaybill, (input) => issueWaybillAt(deps, shops, input)),
    answer(fetchOpenOrders, (input) => openOrders(deps, shops, input)),
    answer(readOrdersAgain, (input) => readAgain(deps, shops, input)),
  ];
}
