/** The languages that messages come in. */
export type Language = 'en' | 'zh-CN';
