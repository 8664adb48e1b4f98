import type { EntityManager } from '@mikro-orm/postgresql';
import { yearCardChanged } from '@quanyu/events';
import { record } from '@quanyu/outbox';
import { once, refuse, type GraphContext, type Refusal } from '@quanyu/subgraph';
import { granted, holdsAt, MOST_PERIODS, type MembershipLevel } from '../domain/membership.js';
import { Member } from '../entities/member.entity.js';
import { Membership, type MembershipRow } from '../entities/membership.entity.js';
import type { MembersErrorCode } from '../errors.js';

interface OfMember { readonly memberId: string; readonly level: MembershipLevel; readonly idempotencyKey: string }
export type MembershipSet = { readonly kind: 'set'; readonly memberId: string } | Refusal<MembersErrorCode>;

/** Gives a member a card, or makes the one that they hold last longer. */
export function grantMembership(ctx: GraphContext, input: OfMember & { readonly periods: number }): Promise<MembershipSet> {
  const { memberId, level, periods } = input;
  const { tenantId } = ctx.viewer;
  return ctx.write('grant-membership', (em) => once<MembershipSet>(em, tenantId, { mutation: 'grantMembership', key: input.idempotencyKey, input }, async () => {
    if (!Number.isInteger(periods) || periods < 1 || periods > MOST_PERIODS) return refuse('PERIODS_INVALID', 'periods');
    const held = await lockCard(em, tenantId, memberId, level);
    if (held === null) return refuse('MEMBER_NOT_FOUND', 'memberId');
    const validity = granted(held.card, level, periods, await now(em));
    const card = held.card ?? em.create(Membership, { memberId, level, tenantId, ...validity, version: 0 });
    tell(em, Object.assign(card, validity, { version: card.version + 1 }));
    return { kind: 'set', memberId };
  }));
}

/** A member's card ends at this moment. */
export function endMembership(ctx: GraphContext, input: OfMember): Promise<MembershipSet> {
  const { memberId, level } = input;
  const { tenantId } = ctx.viewer;
  return ctx.write('end-membership', (em) => once<MembershipSet>(em, tenantId, { mutation: 'endMembership', key: input.idempotencyKey, input }, async () => {
    const held = await lockCard(em, tenantId, memberId, level);
    if (held === null) return refuse('MEMBER_NOT_FOUND', 'memberId');
    const at = await now(em);
    if (held.card === null || !holdsAt(held.card, at)) return refuse('NO_MEMBERSHIP', 'level');
    tell(em, Object.assign(held.card, { validUntil: at, version: held.card.version + 1 }));
    return { kind: 'set', memberId };
  }));
}

/** Whether there is such a member, and the card that they hold or held; of two changes of a member's cards at once the second waits. */
async function lockCard(em: EntityManager, tenantId: string, memberId: string, level: MembershipLevel): Promise<{ readonly card: MembershipRow | null } | null> {
  await em.execute("select pg_advisory_xact_lock(hashtext('members.membership'), hashtext(?))", [memberId]);
  const member = await em.findOne(Member, { tenantId, id: memberId as never }, { disableIdentityMap: true });
  return member && { card: await em.findOne(Membership, { tenantId, memberId, level }) };
}

const now = async (em: EntityManager): Promise<Date> => new Date((await em.execute<{ now: string }[]>('select app_now() as now'))[0]!.now);

/** Only of the year card anything follows elsewhere. */
function tell(em: EntityManager, { memberId, tenantId, level, validFrom, validUntil, version }: MembershipRow): void {
  if (level === 'YEAR') record(em, yearCardChanged({ tenantId, sequence: version, data: { memberId, validFrom: validFrom.toISOString(), validUntil: validUntil.toISOString() } }));
}
