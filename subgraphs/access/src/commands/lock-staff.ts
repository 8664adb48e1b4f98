import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { refuse, type Refusal } from '@quanyu/subgraph';
import type { AccessErrorCode } from '../errors.js';
import { leavesNoOwner } from '../domain/owners.js';
import { Staff, type StaffRow } from '../entities/staff.entity.js';
import { Tenant } from '../entities/tenant.entity.js';

export interface StaffEdit {
  readonly staffId: string;
  /** The version that the caller has seen; null when they do not mind. */
  readonly expectedVersion: number | null;
}

/** The row of a staff member, for changing. */
export async function lockStaff(em: EntityManager, tenantId: string, edit: StaffEdit): Promise<{ kind: 'found'; staff: StaffRow } | Refusal<AccessErrorCode>> {
  // At the tenant, not at the person: of two last owners who remove each other, the second must see the first gone.
  await em.findOneOrFail(Tenant, { id: tenantId as never }, { lockMode: LockMode.PESSIMISTIC_WRITE });
  const staff = await em.findOne(Staff, { tenantId, id: edit.staffId as never, removedAt: null });
  if (staff === null) return refuse('STAFF_NOT_FOUND', 'staffId');
  if (edit.expectedVersion !== null && edit.expectedVersion !== staff.version) return refuse('VERSION_CONFLICT', 'expectedVersion');
  return { kind: 'found', staff };
}

/** Whether the tenant would have no owner if this person no longer were one. Call it under `lockStaff`. */
export async function isLastOwner(em: EntityManager, { tenantId, id }: StaffRow): Promise<boolean> {
  const owners = await em.find(Staff, { tenantId, role: 'OWNER', removedAt: null }, { fields: ['id'], disableIdentityMap: true });
  return leavesNoOwner(owners.map((owner) => owner.id), id);
}
