// A tenant always has an owner: nobody else could let people in again.

/** Whether nobody would own the tenant if this person no longer did. */
export const leavesNoOwner = (ownerIds: readonly string[], staffId: string): boolean =>
  ownerIds.includes(staffId) && ownerIds.every((id) => id === staffId);
