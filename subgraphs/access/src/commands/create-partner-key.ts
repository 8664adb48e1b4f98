import { newId } from '@quanyu/ids';
import { once, refuse, type GraphContext, type Refusal } from '@quanyu/subgraph';
import { contradicts, type Grant } from '../domain/channels.js';
import { isName } from '../domain/names.js';
import { firstUngrantable } from '../domain/partner-scopes.js';
import { PartnerKey } from '../entities/partner-key.entity.js';
import type { AccessErrorCode } from '../errors.js';
import { actorOf, audit } from './audit.js';
import { newPartnerKeyText } from './partner-key-text.js';

export interface CreatePartnerKey extends Grant { readonly name: string; readonly scopes: readonly string[]; readonly idempotencyKey: string }

type Stored = { readonly kind: 'created'; readonly keyId: string };
/** `clearKey` is null in a replay: only its hash is kept. */
export type PartnerKeyCreated = Stored & { readonly clearKey: string | null };

export async function createPartnerKey(ctx: GraphContext, input: CreatePartnerKey): Promise<PartnerKeyCreated | Refusal<AccessErrorCode>> {
  const { tenantId } = ctx.viewer;
  const { name, scopes, allChannels, channelIds, idempotencyKey: key } = input;
  const { clear, prefix, hash } = newPartnerKeyText();
  const keyId = newId('key');
  const result = await ctx.write('create-partner-key', (em) => once<Stored | Refusal<AccessErrorCode>>(em, tenantId, { mutation: 'createPartnerKey', key, input }, async () => {
    if (!isName(name)) return refuse('NAME_INVALID', 'name');
    const ungrantable = firstUngrantable(scopes);
    if (ungrantable !== -1) return refuse('SCOPE_NOT_GRANTABLE', 'scopes', String(ungrantable));
    if (contradicts('PARTNER', input)) return refuse('CHANNELS_CONFLICT', 'channelIds');
    em.create(PartnerKey, { id: keyId, tenantId, name, prefix, hash, scopes: [...new Set(scopes)], allChannels, channelIds: [...new Set(channelIds)], revokedAt: null });
    audit(em, actorOf(ctx), { action: 'partner-key-created', subject: keyId, details: { scopes: scopes.join(' '), channels: allChannels ? 'all' : channelIds.join(' ') } });
    return { kind: 'created', keyId };
  }));
  return result.kind === 'refused' ? result : { ...result, clearKey: result.keyId === keyId ? clear : null };
}
