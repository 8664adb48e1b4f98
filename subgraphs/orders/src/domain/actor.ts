// Who did something to an order: the timeline names them, by id and never by name.

export const ACTOR_KINDS = ['STAFF', 'MEMBER', 'PARTNER', 'CHANNEL', 'SYSTEM'] as const;
export interface Actor { readonly kind: (typeof ACTOR_KINDS)[number]; readonly id: string }

/** What the timeline tells. A move of the status has the deed of its new status. */
export const DEEDS = [
  'PLACED', 'STOCK_HELD', 'STOCK_SHORT', 'STOCK_ASKED', 'PAID', 'CONFIRMED', 'UPDATED', 'HELD', 'RELEASED', 'EXCEPTION_RAISED', 'EXCEPTION_RESOLVED', 'EXCEPTION_ACCEPTED', 'SHIPPED', 'PARTLY_SHIPPED',
  'COMPLETED', 'CANCELLED', 'PAYMENT_STARTED', 'PAYMENT_CLOSED', 'REFUND_DUE', 'REFUND_PAID', 'REFUND_FAILED', 'AFTER_SALE_REQUESTED', 'AFTER_SALE_CHANGED', 'EDITED', 'ADDRESS_CHANGED', 'DIFFERENCE_PAID', 'BOUND',
  'WAYBILL_ISSUED', 'WAYBILL_FAILED', 'WAYBILL_GIVEN_UP', 'LABEL_PRINTED', 'PARCEL_DELIVERED',
] as const;
export type Deed = (typeof DEEDS)[number];

export const system = (id: string): Actor => ({ kind: 'SYSTEM', id });
export const channelActor = (connectionId: string): Actor => ({ kind: 'CHANNEL', id: connectionId });

const OF_VIEWERS = { staff: 'STAFF', member: 'MEMBER', partner: 'PARTNER', service: 'SYSTEM', anonymous: 'SYSTEM' } as const;
export const actorOf = ({ kind, subjectId }: { readonly kind: keyof typeof OF_VIEWERS; readonly subjectId: string }): Actor => ({ kind: OF_VIEWERS[kind], id: subjectId });
