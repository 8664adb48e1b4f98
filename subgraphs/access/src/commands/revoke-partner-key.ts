import { LockMode } from '@mikro-orm/core';
import { rightsChanged } from '@quanyu/events';
import { record } from '@quanyu/outbox';
import { refuse, type GraphContext, type Refusal } from '@quanyu/subgraph';
import { PartnerKey } from '../entities/partner-key.entity.js';
import type { AccessErrorCode } from '../errors.js';
import { actorOf, audit } from './audit.js';

/** Ends a key for good; once ended, it stays as it is. */
export function revokePartnerKey(ctx: GraphContext, { keyId }: { readonly keyId: string }): Promise<{ kind: 'revoked' } | Refusal<AccessErrorCode>> {
  return ctx.write('revoke-partner-key', async (em) => {
    const key = await em.findOne(PartnerKey, { tenantId: ctx.viewer.tenantId, id: keyId as never }, { lockMode: LockMode.PESSIMISTIC_WRITE });
    if (key === null) return refuse('KEY_NOT_FOUND', 'keyId');
    if (key.revokedAt !== null) return { kind: 'revoked' };
    key.revokedAt = new Date();
    // A key changes once in its life.
    record(em, rightsChanged({ tenantId: key.tenantId, sequence: 1, data: { subjectId: key.id } }));
    audit(em, actorOf(ctx), { action: 'partner-key-revoked', subject: key.id });
    return { kind: 'revoked' };
  });
}
