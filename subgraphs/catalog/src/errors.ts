import type { ErrorEntry } from '@quanyu/subgraph';

export const CATALOG_ERRORS = {
  PRODUCT_NOT_FOUND: { en: 'There is no such product.', 'zh-CN': '商品不存在。', retryable: false },
  SKU_NOT_FOUND: { en: 'There is no such SKU.', 'zh-CN': 'SKU 不存在。', retryable: false },
  SKU_CODE_TAKEN: { en: 'Another SKU has this code.', 'zh-CN': '该 SKU 编码已被使用。', retryable: false },
  SKU_CODE_INVALID: { en: 'A SKU code has 1 to 200 characters and no space around it.', 'zh-CN': 'SKU 编码须为 1 至 200 个字符，首尾不能有空格。', retryable: false },
  TITLE_INVALID: { en: 'A title has 1 to 500 characters.', 'zh-CN': '标题须为 1 至 500 个字符。', retryable: false },
  WEIGHT_INVALID: { en: 'A weight is 0 grams or more.', 'zh-CN': '重量须大于或等于 0 克。', retryable: false },
  PRICE_NEGATIVE: { en: 'A price is 0 or more.', 'zh-CN': '价格须大于或等于 0。', retryable: false },
  PRICE_BELOW_FLOOR: { en: 'The price is below the floor of this SKU.', 'zh-CN': '价格低于该 SKU 的最低售价。', retryable: false },
  FLOOR_ABOVE_PRICE: { en: 'The floor is above what this SKU costs; change the price first.', 'zh-CN': '最低售价高于现行价格，请先调整价格。', retryable: false },
  CHANNEL_NOT_FOUND: { en: 'There is no such channel, or it is not yours.', 'zh-CN': '渠道不存在或不在您的范围内。', retryable: false },
  VALIDITY_INVALID: { en: 'A price ends after it starts.', 'zh-CN': '价格的结束时间须晚于开始时间。', retryable: false },
  EXTERNAL_SKU_INVALID: { en: "A channel's name of a SKU has 1 to 512 characters.", 'zh-CN': '渠道 SKU 名称须为 1 至 512 个字符。', retryable: false },
} as const satisfies Record<string, ErrorEntry>;

export type CatalogErrorCode = keyof typeof CATALOG_ERRORS;
