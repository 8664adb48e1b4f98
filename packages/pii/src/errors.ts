const MESSAGES = {
  SEAL_BROKEN: {
    en: 'The sealed value cannot be opened here: it was changed, cut or moved.',
    'zh-CN': '密封数据无法打开:已被更改、截断或移位。',
  },
  SEAL_KEY_UNKNOWN: {
    en: 'The key that sealed this value is not in the keyring.',
    'zh-CN': '密钥环中没有密封此数据的密钥。',
  },
  SEAL_CONTEXT_EMPTY: {
    en: 'A value is sealed for a tenant, a row and a field; one of them is empty.',
    'zh-CN': '密封数据必须指明租户、行和字段,其中一项为空。',
  },
  INDEX_VALUE_EMPTY: {
    en: 'An empty value is not indexed: all rows without one would look alike.',
    'zh-CN': '空值不建立索引。',
  },
  KEYRING_INVALID: {
    en: 'The keys that seal personal data are not usable.',
    'zh-CN': '个人数据密钥不可用。',
  },
} as const;

/** What can be wrong with a seal: `SEAL_BROKEN` is damage or tampering, the others are faults of set-up or code. */
export type SealErrorCode = Exclude<keyof typeof MESSAGES, 'KEYRING_INVALID'>;

/** The refusal to seal, open or index; it never quotes the value. */
export class SealError extends Error {
  readonly messages: { readonly en: string; readonly 'zh-CN': string };

  constructor(readonly code: SealErrorCode) {
    super(MESSAGES[code].en);
    this.name = 'SealError';
    this.messages = MESSAGES[code];
  }
}

/** The refusal of a set of keys at start; `reason` names the key by its id and never shows any of it. */
export class KeyringError extends Error {
  readonly code = 'KEYRING_INVALID';
  readonly messages = MESSAGES.KEYRING_INVALID;

  constructor(readonly reason: string) {
    super(`${MESSAGES.KEYRING_INVALID.en} ${reason}`);
    this.name = 'KeyringError';
  }
}
