import type { EntityManager } from '@mikro-orm/postgresql';
import { audit } from './audit.js';

interface Left { readonly connectionId: string; readonly platform: string; readonly actorId: string; readonly reason: string }

/** Keeps who had a channel left for good, and why. */
export function auditLeaving(em: EntityManager, tenantId: string, { connectionId, platform, actorId, reason }: Left): Promise<void> {
  audit(em, { tenantId, kind: actorId.startsWith('key_') ? 'partner' : 'staff', id: actorId, requestId: null }, { action: 'channel-left', subject: connectionId, reason, details: { platform } });
  return Promise.resolve();
}
