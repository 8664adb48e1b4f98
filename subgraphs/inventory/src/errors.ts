import type { ErrorEntry } from '@quanyu/subgraph';
import { STOCK_ROOM_ERRORS } from './errors-of-stock-room.js';

export const INVENTORY_ERRORS = {
  QUANTITY_INVALID: { en: 'A quantity is a whole number from 0 (in an order from 1) to 1,000,000,000.', 'zh-CN': '数量须为 0（订单为 1）至 10 亿之间的整数。', retryable: false },
  BELOW_RESERVED: { en: 'More units than that are promised to orders; release some first.', 'zh-CN': '已有更多数量被订单占用，请先释放。', retryable: false },
  NOT_ENOUGH_FREE: { en: 'Fewer units than that are free to be moved.', 'zh-CN': '可调拨的数量不足。', retryable: false },
  LOCATION_UNKNOWN: { en: 'There is no such location.', 'zh-CN': '仓位不存在。', retryable: false },
  VERSION_CONFLICT: { en: 'Somebody changed this stock level meanwhile; read it again.', 'zh-CN': '库存已被他人修改，请重新读取。', retryable: true },
  ON_HAND_CHANGED: { en: 'The quantity on hand is not the expected one any more; read it again.', 'zh-CN': '现有库存已与预期不同，请重新读取。', retryable: true },
  LINES_INVALID: { en: 'An ask has 1 to 1,000 lines.', 'zh-CN': '每次占用须为 1 至 1,000 行。', retryable: false },
  HOLD_INVALID: { en: 'A hold ends after at most seven days.', 'zh-CN': '占用时长最多七天。', retryable: false },
  STOCK_SHORT: { en: 'There is not enough stock; see which lines are short.', 'zh-CN': '库存不足，请查看缺货明细。', retryable: true },
  SOLD_OUT: { en: 'Sold out a moment ago; what is given back may be had later.', 'zh-CN': '刚刚售罄，稍后或有释放库存。', retryable: true },
  STOCK_BUSY: { en: 'Too many ask for stock at this moment; ask again with the same key.', 'zh-CN': '当前抢购人数过多，请用同一幂等键重试。', retryable: true },
  STOCK_UNAVAILABLE: { en: 'Stock does not answer; ask again with the same key to learn what came of it.', 'zh-CN': '库存服务暂无响应，请用同一幂等键重试确认结果。', retryable: true },
  KEY_INVALID: { en: 'A key is a short text of your own; reservations of orders belong to orders.', 'zh-CN': '幂等键须为自定的短文本；订单的占用由订单管理。', retryable: false },
  KEY_REUSED: { en: 'This key holds something else already; take a new key.', 'zh-CN': '该键已占用其他内容，请更换。', retryable: false },
  BUCKET_CLOSED: { en: 'The activity does not sell now.', 'zh-CN': '活动未开始或已结束。', retryable: false },
  BUCKET_EXISTS: { en: 'There is such an activity already.', 'zh-CN': '该活动库存已存在。', retryable: false },
  MEMBER_LIMIT: { en: 'That is more than one member may have in this activity.', 'zh-CN': '超出活动的单人限购数量。', retryable: false },
  RESERVATION_UNKNOWN: { en: 'Nothing is held under this key.', 'zh-CN': '没有该占用记录。', retryable: false },
  RESERVATION_EXPIRED: { en: 'The hold has ended.', 'zh-CN': '占用已过期。', retryable: false },
  RESERVATION_ENDED: { en: 'This reservation has been released.', 'zh-CN': '占用已释放。', retryable: false },
  ALREADY_SHIPPED: { en: 'It has been shipped; take it back as a return.', 'zh-CN': '已发货，请走退货流程。', retryable: false },
  TOO_MANY: { en: 'The reservation holds less than that.', 'zh-CN': '超出占用的数量。', retryable: false },
  NOT_ON_HAND: { en: 'Less than that is on hand; count it first.', 'zh-CN': '现有库存不足，请先盘点。', retryable: true },
  ...STOCK_ROOM_ERRORS,
} as const satisfies Record<string, ErrorEntry>;

export type InventoryErrorCode = keyof typeof INVENTORY_ERRORS;
