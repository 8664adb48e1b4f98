import type { EventDraft } from '@quanyu/events';
import type { LogFields } from '@quanyu/telemetry';

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/**
 * What a log line says of an event: which step, for which order and channel. Ids and names only.
 * @param step who does what, such as `orders/told` or `inventory/took-in`.
 */
export function logFields(event: EventDraft & { readonly id?: string; readonly traceparent?: string | null }, step: string): LogFields {
  const { orderId, connectionId, deliveryId, platform } = event.data as Record<string, unknown>;
  return {
    // The second part of 00-<trace>-<span>-<flags>.
    step, traceId: event.traceparent?.split('-')[1], tenantId: event.tenantId, eventId: event.id, eventType: event.type,
    orderId: text(orderId), connectionId: text(connectionId), deliveryId: text(deliveryId), channel: text(platform)?.toLowerCase(),
  };
}
