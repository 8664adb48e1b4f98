// How we sell ourselves.

export const OWN_CHANNEL_KINDS = ['WECHAT_MINI_PROGRAM', 'ALIPAY_MINI_PROGRAM', 'H5', 'BY_HAND'] as const;
export type OwnChannelKind = (typeof OWN_CHANNEL_KINDS)[number];
