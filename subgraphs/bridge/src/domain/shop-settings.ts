// A shop's language, currency and zone are names that the standards know: BCP 47, ISO 4217, IANA.

/** The language in its usual form, `zh-CN`; null where it is none. */
export function localeOf(text: string): string | null {
  try {
    return text.length <= 35 ? (Intl.getCanonicalLocales(text.replace('_', '-'))[0] ?? null) : null;
  } catch {
    return null;
  }
}

const CURRENCIES: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'));
export const isCurrency = (text: string): boolean => CURRENCIES.has(text);

export function isTimeZone(name: string): boolean {
  try {
    return !/^[+-]/.test(name) && new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** How a shop stands: SUSPENDED went off with its merchant, INACTIVE was switched off or left by somebody. */
export const shopStatus = ({ status, offWithTenant }: { readonly status: 'ACTIVE' | 'DISABLED'; readonly offWithTenant: boolean }): 'ACTIVE' | 'INACTIVE' | 'SUSPENDED' =>
  status === 'ACTIVE' ? 'ACTIVE' : offWithTenant ? 'SUSPENDED' : 'INACTIVE';
