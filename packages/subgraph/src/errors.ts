import type { Messages } from '@quanyu/viewer';
import type { Language } from './language.js';

/** One entry of a table of errors: both texts, and whether the same request may succeed later. */
export interface ErrorEntry extends Messages { readonly retryable: boolean }

const PRODUCT_ERRORS = {
  IDEMPOTENCY_KEY_REUSED: { en: 'This idempotency key was used with another input; take a new key.', 'zh-CN': '该幂等键已用于其他内容，请更换。', retryable: false },
  PAGE_SIZE_INVALID: { en: 'Ask for 1 to 250 items, with first or with last but not both.', 'zh-CN': '每页 1 至 250 条，first 与 last 只能用一个。', retryable: false },
  CURSOR_INVALID: { en: 'This cursor is not one of ours; start without it.', 'zh-CN': '游标无效，请从头开始。', retryable: false },
  INPUT_INVALID: { en: 'The input is not of the right form.', 'zh-CN': '输入格式不正确。', retryable: false },
} as const satisfies Record<string, ErrorEntry>;

/** A refusal that is the same in every subgraph; goes out as a top-level error with its code. */
export class ProductError extends Error {
  readonly extensions: { readonly code: string; readonly messages: Messages };
  constructor(readonly code: keyof typeof PRODUCT_ERRORS, detail?: string) {
    const { en, 'zh-CN': zh } = PRODUCT_ERRORS[code];
    super(detail === undefined ? en : `${en} (${detail})`);
    this.name = 'ProductError';
    this.extensions = { code, messages: { en: this.message, 'zh-CN': detail === undefined ? zh : `${zh}（${detail}）` } };
  }
}

/** A business "no" as a mutation answers it. */
export interface UserErrorShape<Code extends string = string> {
  readonly code: Code;
  readonly field: readonly string[] | null;
  readonly message: string;
  readonly retryable: boolean;
}

/** A refusal as a command returns it: which entry of the room's table, and about which field. */
export interface Refusal<Code extends string = string> { readonly kind: 'refused'; readonly code: Code; readonly field?: readonly string[] }

/** Makes a refusal. */
export const refuse = <Code extends string>(code: Code, ...field: string[]): Refusal<Code> => ({ kind: 'refused', code, field });

/** Puts a refusal into the words of a table of errors, in the viewer's language. */
export const toUserError = <Code extends string>(table: Readonly<Record<Code, ErrorEntry>>, refusal: Refusal<Code>, language: Language): UserErrorShape<Code> => ({
  code: refusal.code,
  field: refusal.field ?? null,
  message: table[refusal.code][language],
  retryable: table[refusal.code].retryable,
});
