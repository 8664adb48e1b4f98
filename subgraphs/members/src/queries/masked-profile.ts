import { maskEmail, maskName, maskPhone, type Vault } from '@quanyu/pii';
import type { MemberIdentityRow } from '../entities/member.entity.js';

export interface MaskedProfile { readonly name: string | null; readonly phone: string | null; readonly email: string | null }

type Sealed = Pick<MemberIdentityRow, 'id' | 'tenantId' | 'sealedProfile'>;

/** Each part from the first identity that tells it, masked. */
export function maskedProfile(vault: Vault, identities: readonly Sealed[]): MaskedProfile {
  const profiles = identities.map((identity) => open(vault, identity));
  const told = (part: keyof MaskedProfile, mask: (clear: string) => string): string | null => {
    const clear = profiles.map((profile) => profile[part]).find(Boolean);
    return clear ? mask(clear) : null;
  };
  return { name: told('name', maskName), phone: told('phone', maskPhone), email: told('email', maskEmail) };
}

const open = (vault: Vault, { id, tenantId, sealedProfile }: Sealed): Partial<Record<keyof MaskedProfile, string | null>> =>
  sealedProfile ? JSON.parse(vault.open(sealedProfile, { tenantId, row: id, field: 'profile' })) as Partial<Record<keyof MaskedProfile, string | null>> : {};
