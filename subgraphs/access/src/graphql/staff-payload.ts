import { toUserError, type GraphContext, type Refusal, type UserErrorShape } from '@quanyu/subgraph';
import { ACCESS_ERRORS, type AccessErrorCode } from '../errors.js';
import { staffById } from '../queries/staff.js';
import type { StaffType } from './staff.type.js';

export interface StaffPayload { staff: StaffType | null; userErrors: UserErrorShape[] }

/** What a mutation of staff answers: the member as they are now, or why not. */
export async function staffPayload(ctx: GraphContext, staffId: string, result: { readonly kind: string } | Refusal<AccessErrorCode>): Promise<StaffPayload> {
  if ('code' in result) return { staff: null, userErrors: [toUserError(ACCESS_ERRORS, result, ctx.language)] };
  // Cleared, since an earlier mutation of the same request may have loaded them as they were.
  return { staff: (await staffById(ctx).clear(staffId).load(staffId)) as StaffType | null, userErrors: [] };
}
