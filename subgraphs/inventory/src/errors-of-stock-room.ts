import type { ErrorEntry } from '@quanyu/subgraph';

/** Refusals of settings, publishing, counts and files; part of the room's one table. */
export const STOCK_ROOM_ERRORS = {
  STOCK_TAKE_NOT_FOUND: { en: 'There is no such stock take.', 'zh-CN': '盘点单不存在。', retryable: false },
  STOCK_TAKE_CLOSED: { en: 'This stock take has been closed or cancelled; begin another.', 'zh-CN': '盘点单已关闭或取消，请新建。', retryable: false },
  SKU_TWICE: { en: 'A SKU comes twice in this list.', 'zh-CN': '列表中 SKU 重复。', retryable: false },
  TOO_MANY_LINES: { en: 'Give 1 to 500 lines at once.', 'zh-CN': '一次可提交 1 至 500 行。', retryable: false },
  DRIFT_NOT_FOUND: { en: 'There is no such difference any more; read the list again.', 'zh-CN': '该差异已不存在，请重新读取。', retryable: true },
  AUTHORITY_INVALID: { en: 'Name the connection that the location follows, and which figure it tells.', 'zh-CN': '请指定该仓位跟随的外部连接及其库存口径。', retryable: false },
  IMPORT_NOT_FOUND: { en: 'There is no such import.', 'zh-CN': '导入任务不存在。', retryable: false },
  IMPORT_ENDED: { en: 'This import has ended.', 'zh-CN': '导入任务已结束。', retryable: false },
  BUCKET_UNKNOWN: { en: 'There is no such activity.', 'zh-CN': '活动不存在。', retryable: false },
  BUCKET_INVALID: { en: 'An activity has a key of 1 to 64 letters, digits, - and _, a limit of 1 or more, and ends after it starts.', 'zh-CN': '活动标识须为 1 至 64 位字母、数字、- 或 _，限购须不小于 1，结束时间须晚于开始时间。', retryable: false },
  SKU_UNKNOWN: { en: 'There is no such SKU; it may not have arrived from the catalog yet.', 'zh-CN': 'SKU 不存在，或尚未从商品中心同步。', retryable: true },
  TOO_MANY_SKUS: { en: 'Give 1 to 1,000 SKUs at once.', 'zh-CN': '一次可提交 1 至 1000 个 SKU。', retryable: false },
  SCOPE_INVALID: { en: 'A rule is for one SKU, for one category of 1 to 64 characters, or for all.', 'zh-CN': '规则须针对单个 SKU、单个品类（1 至 64 个字符）或全部商品。', retryable: false },
  RATIO_INVALID: { en: 'A ratio is 0 to 100 with at most four decimals, such as 0.98.', 'zh-CN': '比例须为 0 至 100，最多四位小数，例如 0.98。', retryable: false },
  RATIO_NEEDS_CAP: { en: 'A ratio over 1 shows more than there is; say how much more with maxOversellUnits or maxOversellPercent.', 'zh-CN': '比例大于 1 即超量发布，须设置 maxOversellUnits 或 maxOversellPercent 上限。', retryable: false },
  CAP_INVALID: { en: 'A cap in percent is 100 to 10000; 200 lets a channel show twice the base.', 'zh-CN': '百分比上限须为 100 至 10000，200 表示最多发布两倍。', retryable: false },
  CHANNEL_NOT_FOUND: { en: 'There is no such channel among those that you may see.', 'zh-CN': '未找到该渠道，或您无权查看。', retryable: false },
  NEEDS_ALL_CHANNELS: { en: 'This is for every channel, and you may see only some.', 'zh-CN': '该设置影响所有渠道，而您仅可查看部分渠道。', retryable: false },
  CHANNEL_NOT_PUBLISHING: { en: 'Stock is not published to this channel; switch that on first.', 'zh-CN': '该渠道未开启库存发布，请先开启。', retryable: false },
  MAIN_CHANNEL_TAKEN: { en: 'Another channel is the main one; make it an ordinary one first.', 'zh-CN': '已有其他主渠道，请先取消。', retryable: false },
} as const satisfies Record<string, ErrorEntry>;

/** Answers of the door for files, with their HTTP status. */
export const FILE_ERRORS = {
  IMPORT_NOT_FOUND: { status: 404, en: 'There is no such import, or the link is not good any more.', 'zh-CN': '导入任务不存在，或链接已失效。' },
  FILE_NOT_EXPECTED: { status: 409, en: 'This import has its file already, or has ended.', 'zh-CN': '该导入任务已有文件或已结束。' },
  FILE_TOO_LARGE: { status: 413, en: 'A file has 512 MB at most.', 'zh-CN': '文件最大 512 MB。' },
  FILE_NOT_TEXT: { status: 422, en: 'The file is no text in UTF-8 with lines.', 'zh-CN': '文件不是按行的 UTF-8 文本。' },
  FILE_EMPTY: { status: 422, en: 'The file is empty.', 'zh-CN': '文件为空。' },
  HEADER_INVALID: { status: 422, en: 'The first line has to name the columns sku and quantity, and location where there are several.', 'zh-CN': '首行须包含列名 sku 与 quantity，多仓时还须包含 location。' },
  CONTENT_ENCODING_UNSUPPORTED: { status: 415, en: 'Send the file as it is, not compressed.', 'zh-CN': '请勿压缩文件。' },
  UNAVAILABLE: { status: 503, en: 'The file could not be stored now; send it again.', 'zh-CN': '暂时无法保存文件，请重试。' },
} as const;
