import type { ErrorEntry } from '@quanyu/subgraph';

export const ACCESS_ERRORS = {
  STAFF_NOT_FOUND: { en: 'There is no such staff member.', 'zh-CN': '员工不存在。', retryable: false },
  KEY_NOT_FOUND: { en: 'There is no such partner key.', 'zh-CN': '合作方密钥不存在。', retryable: false },
  IDENTITY_TAKEN: { en: 'This identity is in use already.', 'zh-CN': '该身份已被使用。', retryable: false },
  IDENTITY_INVALID: { en: "An identity is the token issuer's URL and a subject, neither of them empty.", 'zh-CN': '身份须包含签发方地址和主体，均不能为空。', retryable: false },
  NAME_INVALID: { en: 'A name has 1 to 200 characters.', 'zh-CN': '名称须为 1 至 200 个字符。', retryable: false },
  LAST_OWNER: { en: 'A tenant needs an owner: make somebody else one first.', 'zh-CN': '租户至少需要一名所有者，请先指定他人。', retryable: false },
  CHANNELS_CONFLICT: { en: 'Name channels or take all of them; an owner always has all.', 'zh-CN': '请指定渠道或选择全部；所有者始终拥有全部渠道。', retryable: false },
  SCOPE_NOT_GRANTABLE: { en: 'A partner key cannot have this scope.', 'zh-CN': '合作方密钥不能拥有此权限。', retryable: false },
  VERSION_CONFLICT: { en: 'Somebody changed this staff member meanwhile; read it again.', 'zh-CN': '员工信息已被他人修改，请重新读取。', retryable: true },
  SECOND_FACTOR_THERE: { en: 'You have a second factor already; remove it first.', 'zh-CN': '您已启用二次验证，请先移除。', retryable: false },
  SECOND_FACTOR_MISSING: { en: 'You have no second factor: begin one with `beginSecondFactor`.', 'zh-CN': '您尚未启用二次验证，请先启用。', retryable: false },
  SECOND_FACTOR_NOT_BEGUN: { en: 'There is no second factor to confirm: begin one.', 'zh-CN': '没有待确认的二次验证，请先开始启用。', retryable: false },
  SECOND_FACTOR_LOCKED: { en: 'Too many wrong codes; wait a while.', 'zh-CN': '错误次数过多，请稍后再试。', retryable: true },
  CODE_WRONG: { en: 'This code is wrong, over, or was used already; wait for the next one.', 'zh-CN': '验证码错误、已过期或已使用，请等待下一个验证码。', retryable: true },
  TENANT_NOT_FOUND: { en: 'There is no such tenant.', 'zh-CN': '租户不存在。', retryable: false },
  TENANT_CHANGED: { en: 'Somebody changed this tenant meanwhile; read it again.', 'zh-CN': '租户信息已被他人修改，请重新读取。', retryable: true },
  TENANT_DELETED: { en: 'This tenant is deleted: restore it first.', 'zh-CN': '该租户已删除，请先恢复。', retryable: false },
  OWN_TENANT: { en: 'Nobody shuts the tenant that they work for: they could not open it again.', 'zh-CN': '不能停用、限期或删除自己所在的租户。', retryable: false },
  PACKAGE_INVALID: { en: 'The id of a package has 1 to 40 small letters, digits and hyphens.', 'zh-CN': '套餐编号须为 1 至 40 个小写字母、数字或连字符。', retryable: false },
  ACCOUNT_LIMIT_INVALID: { en: 'A limit of accounts is at least 1.', 'zh-CN': '账号数量上限至少为 1。', retryable: false },
  ACCOUNT_LIMIT_REACHED: { en: 'As many people work for this tenant as its package allows.', 'zh-CN': '账号数量已达套餐上限。', retryable: false },
  REASON_INVALID: { en: 'A reason has 1 to 200 characters.', 'zh-CN': '原因须为 1 至 200 个字符。', retryable: false },
  OWN_SECOND_FACTOR: { en: 'Remove your own second factor with a code of it.', 'zh-CN': '请使用验证码移除您自己的二次验证。', retryable: false },
} as const satisfies Record<string, ErrorEntry>;

export type AccessErrorCode = keyof typeof ACCESS_ERRORS;

/** A new tenant was asked for in the name of somebody who works for another one. */
export class IdentityTakenError extends Error {
  readonly code = 'IDENTITY_TAKEN';
  readonly safeMessage = true;
  constructor() {
    super('The owner of the new tenant is staff of another one');
    this.name = 'IdentityTakenError';
  }
}
