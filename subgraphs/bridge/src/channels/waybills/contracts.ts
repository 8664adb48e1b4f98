import { z } from 'zod';
import type { Account } from '../connector.js';

/** What a carrier's branch has agreed with a merchant: by whom a parcel is paid. */
const contract = z.object({ account: z.string().max(64).default(''), password: z.string().max(128).default(''), branch: z.string().max(64).default('') });
export type Contract = z.output<typeof contract>;
const contracts = z.record(z.string().regex(/^[A-Z0-9_]{2,32}$/), contract);

/** `{"ZTO":{"account":"...","password":"...","branch":"..."}}`, as a person fills it in. */
export const CONTRACTS_FIELD = { name: 'contracts', secret: true, standard: '{}', form: /^\{[^\n]{0,8000}\}$/ } as const;

/** The contracts of an account, by our codes of carriers; none where they cannot be read. */
export function contractsOf({ secrets }: Pick<Account, 'secrets'>): Readonly<Record<string, Contract>> {
  try {
    return contracts.parse(JSON.parse(secrets['contracts'] || '{}'));
  } catch {
    return {};
  }
}
