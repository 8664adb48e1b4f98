import { z } from 'zod';
import { defineCall } from '../define-call.js';

/** Who a shopper is whom an issuer of tokens vouches for: known from then on. Null where the issuer belongs to no tenant. */
export const resolveMember = defineCall('members.resolve-member', {
  callers: ['gateway'],
  input: z.object({
    issuer: z.string().min(1).max(500), subject: z.string().min(1).max(255),
    /** As the token tells it, once its issuer has verified it; their guest orders become theirs by it. */
    phone: z.string().max(32).nullable(),
  }),
  output: z.object({ kind: z.literal('member'), tenantId: z.string(), subjectId: z.string(), scopes: z.array(z.string()), channels: z.array(z.string()) }).nullable(),
});

/** Says whose members the people of an issuer are. An issuer belongs to one tenant: the first one stays, and is answered. */
export const adoptMemberIssuer = defineCall('members.adopt-member-issuer', {
  callers: ['operator'],
  input: z.object({ tenantId: z.string().min(1).max(64), issuer: z.string().min(1).max(500) }),
  output: z.object({ tenantId: z.string() }),
});

/** An address of a member's book, sealed (row = the address, field = 'address'); null where the member has no such one. */
export const readMemberAddress = defineCall('members.read-address', {
  callers: ['orders'],
  input: z.object({ tenantId: z.string().min(1).max(64), memberId: z.string().min(1).max(64), addressId: z.string().min(1).max(64) }),
  output: z.object({ sealed: z.string() }).nullable(),
});
