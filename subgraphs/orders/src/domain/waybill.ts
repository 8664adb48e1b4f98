// What a waybill can be: asked for, numbered, refused, sent, or given up. Only one that is numbered can be printed or sent.

export const WAYBILL_STATES = ['WANTED', 'ISSUED', 'FAILED', 'SHIPPED', 'VOID'] as const;
export type WaybillState = (typeof WAYBILL_STATES)[number];
