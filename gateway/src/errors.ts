import { GraphQLError, type ASTNode } from 'graphql';

interface Messages { readonly en: string; readonly 'zh-CN': string }

/** Every refusal that the gateway itself can give: code, texts, and the HTTP status where the whole request is refused. */
const REFUSALS = {
  UNAUTHENTICATED: { status: 401, en: 'These credentials are not valid; sign in again or check the key.', 'zh-CN': '凭证无效，请重新登录或检查密钥。' },
  BAD_REQUEST: { status: 400, en: 'This request is not a valid GraphQL request.', 'zh-CN': '请求不是有效的 GraphQL 请求。' },
  PARAMETER_INVALID: { status: 400, en: 'A parameter is missing, unknown or of another form; see /rest/v1/openapi.json.', 'zh-CN': '参数缺失、未知或格式不正确，请参阅 /rest/v1/openapi.json。' },
  NOT_FOUND: { status: 404, en: 'There is nothing at this address.', 'zh-CN': '该地址不存在。' },
  PAYLOAD_TOO_LARGE: { status: 413, en: 'The body is larger than 2 MB.', 'zh-CN': '请求体超过 2 MB。' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, en: 'Send application/json in UTF-8.', 'zh-CN': '请发送 UTF-8 编码的 application/json。' },
  INTERNAL_SERVER_ERROR: { status: 500, en: 'Something went wrong on our side; quote this request id.', 'zh-CN': '服务内部出错，请提供此请求编号。' },
  SIGN_IN_UNAVAILABLE: { status: 503, en: 'Who you are cannot be looked up at the moment; try again.', 'zh-CN': '暂时无法确认您的身份，请稍后重试。' },
  DATA_UNAVAILABLE: { status: 503, en: 'A part of the data cannot be had at the moment; what is missing is null.', 'zh-CN': '部分数据暂时无法获取，缺失处为空。' },
  SUBSCRIPTION_NEEDS_WEBSOCKET: { status: 400, en: 'Subscriptions run over a WebSocket at this address (graphql-transport-ws).', 'zh-CN': '订阅须通过本地址的 WebSocket（graphql-transport-ws）进行。' },
  TOO_MANY_SUBSCRIPTIONS: { status: 429, en: 'This connection holds the most subscriptions it may.', 'zh-CN': '此连接的订阅数已达上限。' },
  RATE_LIMITED: { status: 429, en: 'Too many requests; come back after the seconds told.', 'zh-CN': '请求过于频繁，请在所示秒数后重试。' },
  COST_TOO_HIGH: { status: 400, en: 'This operation may cost more than one is allowed to; ask for fewer items or fields.', 'zh-CN': '此操作成本超出上限，请减少条目或字段。' },
  OVERLOADED: { status: 503, en: 'We are very busy; come back after the seconds told.', 'zh-CN': '系统繁忙，请在所示秒数后重试。' },
  DOCUMENT_NOT_TRUSTED: { status: 403, en: 'Only documents that were registered before are run here.', 'zh-CN': '此处仅执行预先登记的查询文档。' },
  ORIGIN_NOT_ALLOWED: { status: 403, en: 'Pages of this origin may not ask here.', 'zh-CN': '不允许来自此来源的页面请求。' },
  CURSOR_INVALID: { status: 400, en: 'This cursor is not one of ours; start without it.', 'zh-CN': '游标无效，请从头开始。' },
  STREAM_INTERRUPTED: { status: 503, en: 'The stream broke off; subscribe again with the last cursor.', 'zh-CN': '数据流已中断，请用最后的游标重新订阅。' },
  STREAM_SCHEMA_CHANGED: { status: 400, en: 'The graph has changed and this operation no longer fits it.', 'zh-CN': '数据图已变更，此操作不再适用。' },
  INTROSPECTION_DISABLED: { status: 400, en: 'Introspection is switched off.', 'zh-CN': '内省查询已关闭。' },
  DOCUMENT_TOO_LONG: { status: 400, en: 'The document is too long; send values as variables.', 'zh-CN': '查询文本过长，请用变量传值。' },
  QUERY_TOO_DEEP: { status: 400, en: 'The query is nested too deeply.', 'zh-CN': '查询嵌套过深。' },
  QUERY_TOO_LARGE: { status: 400, en: 'The query selects too many fields, its fragments unfolded.', 'zh-CN': '展开片段后，查询的字段过多。' },
  TOO_MANY_ALIASES: { status: 400, en: 'The query has too many aliases.', 'zh-CN': '查询的别名过多。' },
  TOO_MANY_ROOT_FIELDS: { status: 400, en: 'The query asks for too many root fields.', 'zh-CN': '查询的根字段过多。' },
  TOO_MANY_DIRECTIVES: { status: 400, en: 'The query has too many directives.', 'zh-CN': '查询的指令过多。' },
  TOO_MANY_REPEATED_FIELDS: { status: 400, en: 'The query repeats too many fields.', 'zh-CN': '查询重复的字段过多。' },
  TOO_MANY_FRAGMENTS: { status: 400, en: 'The document has too many fragments.', 'zh-CN': '查询的片段过多。' },
} as const satisfies Record<string, Messages & { status: number }>;

/** Code of a refusal by the gateway. */
export type RefusalCode = keyof typeof REFUSALS;

/** Plain facts about a refusal that help the caller, as `{ limit: 15, actual: 22 }`. */
export type RefusalFacts = Readonly<Record<string, string | number>>;

/** Makes the error of a refusal; its texts are chosen by language when it is presented. */
export function refusal(code: RefusalCode, facts: RefusalFacts = {}, nodes?: readonly ASTNode[]): GraphQLError {
  const { en, 'zh-CN': zh } = REFUSALS[code];
  const { stackTraceLimit } = Error;
  // Its code says where it comes from; and to note the stack is half the work of sending somebody away, which has to be cheap.
  Error.stackTraceLimit = 0;
  try {
    return new GraphQLError(en, { nodes, extensions: { ...facts, code, messages: { en, 'zh-CN': zh } } });
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** The HTTP status of a request that is refused as a whole; 500 for what is no refusal of the gateway. */
export const statusOf = (code: unknown): number =>
  typeof code === 'string' && Object.hasOwn(REFUSALS, code) ? REFUSALS[code as RefusalCode].status : 500;
