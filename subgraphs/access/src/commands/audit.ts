import type { EntityManager } from '@mikro-orm/postgresql';
import { newId } from '@quanyu/ids';
import type { GraphContext } from '@quanyu/subgraph';
import type { ViewerClaims } from '@quanyu/viewer';
import { AuditEntry } from '../entities/audit-entry.entity.js';

/** Who did something, and in which request. */
export interface Actor { readonly tenantId: string; readonly kind: ViewerClaims['kind']; readonly id: string; readonly requestId: string | null }

export const actorOf = ({ viewer, requestId }: Pick<GraphContext, 'viewer' | 'requestId'>): Actor =>
  ({ tenantId: viewer.tenantId, kind: viewer.kind, id: viewer.subjectId, requestId });

export interface AuditLine {
  readonly action: string;
  /** Id of what it was done to. */
  readonly subject: string;
  readonly reason?: string;
  /** Short codes and ids: these rows stay for good, so nothing personal goes in. */
  readonly details?: Readonly<Record<string, string>>;
}

/** Writes an audit row in the transaction of what it tells of. */
export function audit(em: EntityManager, actor: Actor, line: AuditLine): void {
  em.create(AuditEntry, {
    id: newId('aud'), tenantId: actor.tenantId, actorKind: actor.kind, actorId: actor.id, requestId: actor.requestId,
    action: line.action, subject: line.subject, reason: line.reason ?? null, details: { ...line.details },
  });
}
