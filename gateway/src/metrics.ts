import { counter, gauge, histogram } from '@quanyu/telemetry';

export const graphqlSeconds = histogram('quanyu_graphql_seconds', 'How long an operation ran: planned, fetched and merged. outcome is ok or errors.', ['operation', 'kind', 'outcome']);
export const fetchSeconds = histogram('quanyu_subgraph_fetch_seconds', 'How long a subgraph took for one fetch of a plan.', ['subgraph', 'outcome']);
export const liveConnections = gauge('quanyu_live_connections', 'Open live connections (WebSocket) of this gateway.', ['kind']);
export const liveEvents = counter('quanyu_live_events_total', 'Events completed for live subscriptions, each once however many listen.', ['operation']);

const known = new Set<string>();

/** Names the operations of our own clients. Only these are told apart: a stranger may name an operation as he likes. */
export function knowOperations(documents: readonly string[]): void {
  for (const document of documents) for (const [, name] of document.matchAll(/^\s*(?:query|mutation|subscription)\s+(\w+)/gm)) known.add(name!);
}

/** What an operation is called in metrics and traces. */
export const operationLabel = (name: string | undefined): string => (name === undefined ? 'unnamed' : known.has(name) ? name : 'other');
