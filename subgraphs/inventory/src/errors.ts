import type { ErrorEntry } from '@quanyu/subgraph';

export const INVENTORY_ERRORS = {
  QUANTITY_INVALID: { en: 'A quantity is a whole number from 0 (in an order from 1) to 1,000,000,000.', 'zh-CN': '数量须为 0（订单为 1）至 10 亿之间的整数。', retryable: false },
  BELOW_RESERVED: { en: 'More units than that are promised to orders; release some first.', 'zh-CN': '已有更多数量被订单占用，请先释放。', retryable: false },
  NOT_ENOUGH_FREE: { en: 'Fewer units than that are free to be moved.', 'zh-CN': '可调拨的数量不足。', retryable: false },
  LOCATION_UNKNOWN: { en: 'There is no such location.', 'zh-CN': '仓位不存在。', retryable: false },
  VERSION_CONFLICT: { en: 'Somebody changed this stock level meanwhile; read it again.', 'zh-CN': '库存已被他人修改，请重新读取。', retryable: true },
  ON_HAND_CHANGED: { en: 'The quantity on hand is not the expected one any more; read it again.', 'zh-CN': '现有库存已与预期不同，请重新读取。', retryable: true },
} as const satisfies Record<string, ErrorEntry>;

export type InventoryErrorCode = keyof typeof INVENTORY_ERRORS;
