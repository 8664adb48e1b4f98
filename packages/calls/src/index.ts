export { defineCall, type CallDefinition } from './define-call.js';
export { InProcessCalls, answer, type CallHandler, type Calls } from './registry.js';
export { CallError, CALLS_PATH, HttpCalls } from './http-calls.js';

export { createTenant } from './access/create-tenant.js';
export { ensureTenant } from './access/ensure-tenant.js';
export { noteFieldUsage } from './access/note-field-usage.js';
export { redeemStepUp, STEP_UP_ACTIONS } from './access/redeem-step-up.js';
export { resolveViewer } from './access/resolve-viewer.js';
export { tenantIsOpen } from './access/tenant-is-open.js';
export { fetchOpenOrders, readOrdersAgain } from './bridge/fetch-open-orders.js';
export { issueWaybill } from './bridge/issue-waybill.js';
export { closePayment, ONLINE_PROVIDERS, refundPayment, startPayment } from './bridge/payments.js';
export { runDocument } from './gateway/run-document.js';
export { offerSkus } from './catalog/offer-skus.js';
export { tellProducts } from './catalog/tell-products.js';
export { reserveStock } from './inventory/reserve-stock.js';
export { settleReservation } from './inventory/settle-reservation.js';
export { orderToShip } from './orders/order-to-ship.js';
export { adoptMemberIssuer, readMemberAddress, resolveMember } from './members/resolve-member.js';
export { buyerOf } from './orders/buyer-of.js';
export { parkedEventsOf, replayParkedEventIn } from './parked-events.js';

export { makeServiceKey, readPrivateKey, readPublicKeys, ServiceKeyError, serviceKeys, type ServiceKeys, type ServiceKeyTexts } from './service/keys.js';
export { DRAINING_HEADER, ServiceClient, ServiceUnavailableError, type ServiceAnswer, type ServiceRequest } from './service/client.js';
export { GRAPH_PATH, LANGUAGE_HEADER, readViewer, REQUEST_ID_HEADER, STREAM_TYPE, VIEWER_HEADER, writeViewer, type StreamLine } from './service/graph-wire.js';
export { privateKeySetting, publicKeysSetting, serviceKeyVariable, serviceUrls, type ServiceUrls } from './service/settings.js';
export { ServiceTokenError, ServiceTokens } from './service/tokens.js';
