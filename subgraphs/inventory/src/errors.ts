import type { ErrorEntry } from '@quanyu/subgraph';

export const INVENTORY_ERRORS = {
  QUANTITY_INVALID: { en: 'A counted quantity is 0 or more.', 'zh-CN': '盘点数量须大于或等于 0。', retryable: false },
  BELOW_RESERVED: { en: 'More units than that are promised to orders; release some first.', 'zh-CN': '已有更多数量被订单占用，请先释放。', retryable: false },
  VERSION_CONFLICT: { en: 'Somebody changed this stock level meanwhile; read it again.', 'zh-CN': '库存已被他人修改，请重新读取。', retryable: true },
} as const satisfies Record<string, ErrorEntry>;

export type InventoryErrorCode = keyof typeof INVENTORY_ERRORS;
