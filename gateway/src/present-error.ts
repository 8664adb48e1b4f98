import { log } from '@quanyu/telemetry';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { refusal } from './errors.js';
import type { Language } from './language.js';

/** For whom an error is put into words. */
export interface Audience {
  readonly requestId: string;
  readonly language: Language;
  /** Off: names of the schema are not suggested. */
  readonly introspection: boolean;
}

type Extensions = Readonly<Record<string, unknown>>;

// Made from the client's own document and variables, so their texts can be told. In Chinese the English detail follows.
const CLIENT_FAULTS: Readonly<Record<string, string>> = {
  GRAPHQL_PARSE_FAILED: '查询语法有误',
  GRAPHQL_VALIDATION_FAILED: '查询与数据图不符',
  BAD_USER_INPUT: '输入有误',
  BAD_REQUEST: '请求有误',
  OPERATION_RESOLUTION_FAILURE: '无法确定要执行的操作',
  PERSISTED_QUERY_NOT_FOUND: '未找到已保存的查询',
  PERSISTED_QUERY_NOT_SUPPORTED: '不支持已保存的查询',
};

// Added on the way by the tools; they name subgraphs, or are meant for somebody else.
const INTERNAL_FACTS = new Set(['code', 'messages', 'serviceName', 'stacktrace', 'exception', 'http', 'service', 'url', 'query']);

/**
 * Puts an error into the words of the one who asked: code, request id, message in their language, path.
 *
 * Told are our own errors (with `extensions.messages`) and faults in what the client sent. Everything else is
 * an accident: it becomes INTERNAL_SERVER_ERROR and is logged under the request id.
 */
export function presentError(thrown: unknown, audience: Audience): GraphQLFormattedError {
  const error = thrown instanceof GraphQLError ? thrown : undefined;
  const extensions = innermost(error);
  const place = { ...(error?.locations ? { locations: error.locations } : {}), ...(error?.path ? { path: error.path } : {}) };
  const messages = messagesOf(extensions);
  const code = extensions['code'];

  if (typeof code === 'string' && messages !== undefined) {
    return {
      message: messages[audience.language],
      ...place,
      extensions: { ...plainFacts(extensions), code, requestId: audience.requestId },
    };
  }
  if (error !== undefined && isClientFault(extensions)) {
    const detail = audience.introspection ? error.message : withoutSuggestion(error.message);
    const message = audience.language === 'en' ? detail : `${CLIENT_FAULTS[String(code)]}：${detail}`;
    return { message, ...place, extensions: { code, requestId: audience.requestId } };
  }
  log.error('an answer failed inside', {
    requestId: audience.requestId,
    subgraph: text(extensions['serviceName']),
    errorCode: text(code),
    error: rootCause(thrown),
  });
  return { ...presentError(refusal('INTERNAL_SERVER_ERROR'), audience), ...(error?.path ? { path: error.path } : {}) };
}

// The server wraps what parser and rules report and overwrites the code of ours.
function innermost(error: GraphQLError | undefined): Extensions {
  const outer = error?.extensions ?? {};
  const inner = error?.originalError instanceof GraphQLError ? error.originalError : undefined;
  const wrapped = outer['code'] === 'GRAPHQL_VALIDATION_FAILED' || outer['code'] === 'GRAPHQL_PARSE_FAILED';
  if (wrapped && inner?.extensions['code'] !== undefined) return inner.extensions;
  if (outer['code'] === 'GRAPHQL_PARSE_FAILED' && TOO_MANY_TOKENS.test(error?.message ?? '')) {
    return refusal('DOCUMENT_TOO_LONG').extensions;
  }
  return outer;
}

const TOO_MANY_TOKENS = /^Syntax Error: Document contains more tha[nt] \d+ tokens/;

// A code of the client's faults from a subgraph means that our own plan was wrong, but for its input.
const isClientFault = (extensions: Extensions): boolean =>
  Object.hasOwn(CLIENT_FAULTS, String(extensions['code'])) &&
  (!('serviceName' in extensions) || extensions['code'] === 'BAD_USER_INPUT');

function messagesOf(extensions: Extensions): Record<Language, string> | undefined {
  const messages = extensions['messages'];
  if (typeof messages !== 'object' || messages === null) return undefined;
  const { en, 'zh-CN': zh } = messages as Record<string, unknown>;
  return typeof en === 'string' ? { en, 'zh-CN': typeof zh === 'string' ? zh : en } : undefined;
}

function plainFacts(extensions: Extensions): Extensions {
  const facts = Object.entries(extensions).filter(
    ([name, value]) => !INTERNAL_FACTS.has(name) && ['string', 'number', 'boolean'].includes(typeof value),
  );
  return Object.fromEntries(facts);
}

const withoutSuggestion = (message: string): string => message.replace(/\s*Did you mean [^?]*\?/g, '');

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

function rootCause(thrown: unknown): unknown {
  let cause = thrown;
  for (let depth = 0; depth < 5 && cause instanceof GraphQLError && cause.originalError; depth += 1) cause = cause.originalError;
  return cause;
}
