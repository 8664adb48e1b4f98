/**
 * The refusal of an id that is malformed or names another kind of thing.
 *
 * The value itself is left out: people paste phones and addresses into id fields, and errors are logged.
 */
export class InvalidIdError extends Error {
  readonly code = 'INVALID_ID';
  readonly messages: { readonly en: string; readonly 'zh-CN': string };
  /** What graphql-js copies into the answer. */
  readonly extensions: { readonly code: string; readonly messages: { readonly en: string; readonly 'zh-CN': string } };

  constructor(
    readonly expectedPrefix: string,
    noun: string,
  ) {
    const messages = {
      en: `This is not an id of the expected kind (${noun}): it must be ${expectedPrefix}_ and 26 characters.`,
      'zh-CN': `编号无效:应为 ${expectedPrefix}_ 加 26 位字符。`,
    };
    super(messages.en);
    this.name = 'InvalidIdError';
    this.messages = messages;
    this.extensions = { code: this.code, messages };
  }
}
