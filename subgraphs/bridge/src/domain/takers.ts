// Which systems outside take an order of ours: one that ships it, and each that counts its goods. Never whom it came from.

/** SHIP packs orders; COUNT keeps stock and wants to know what has been sold. */
export type Purpose = 'SHIP' | 'COUNT';

export interface System {
  readonly id: string;
  readonly platform: string;
  readonly purpose: Purpose;
  /** `ALL`, `NONE`, or the platforms whose orders it takes: `TAOBAO,DOUYIN`; own sales are `OWN`. */
  readonly takes: string;
}

export const TAKES_FORM = /^(ALL|NONE|[A-Z0-9_]{1,40}(,[A-Z0-9_]{1,40}){0,30})$/;

const wants = (takes: string, platform: string): boolean => takes === 'ALL' || takes.split(',').includes(platform);

/** @param systems in the order in which they were connected: of two that would ship an order the older one does */
export function takersOf<S extends System>(order: { readonly connectionId: string; readonly platform: string }, systems: readonly S[]): readonly S[] {
  const able = systems.filter(({ id, platform, takes }) => id !== order.connectionId && platform !== order.platform && wants(takes, order.platform));
  const [shipper] = able.filter(({ purpose }) => purpose === 'SHIP');
  return [...(shipper === undefined ? [] : [shipper]), ...able.filter(({ purpose }) => purpose === 'COUNT')];
}
