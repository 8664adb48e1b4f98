/** Texts of an error in the two languages of the product. */
export interface Messages { readonly en: string; readonly 'zh-CN': string }

const MESSAGES = {
  UNAUTHENTICATED: { en: 'Sign in, or send a partner key, to ask for this.', 'zh-CN': '请先登录或提供合作方密钥。' },
  FORBIDDEN: { en: 'Your role does not allow this.', 'zh-CN': '您的角色无权执行此操作。' },
} as const satisfies Record<string, Messages>;

/** Thrown when a viewer is unknown (UNAUTHENTICATED) or lacks a scope (FORBIDDEN). `scope` names what was missing. */
export class AccessError extends Error {
  readonly messages: Messages;
  /** What graphql-js copies into the answer. */
  readonly extensions: { readonly code: string; readonly messages: Messages };
  constructor(readonly code: keyof typeof MESSAGES, readonly scope?: string) {
    super(MESSAGES[code].en);
    this.name = 'AccessError';
    this.messages = MESSAGES[code];
    this.extensions = { code, messages: MESSAGES[code] };
  }
}
