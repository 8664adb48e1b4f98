import { raw, type FilterQuery } from '@mikro-orm/core';
import { defineListLoader, defineLoader, keysetPage, type GraphContext, type Page, type PageRequest } from '@quanyu/subgraph';
import { Member, MemberIdentity, type MemberIdentityRow, type MemberRow } from '../entities/member.entity.js';
import { Membership, type MembershipRow } from '../entities/membership.entity.js';

const READ_ONLY = { disableIdentityMap: true } as const;

const KNOWN_IN = '(select i.member_id from member_identity i where i.connection_id in (select jsonb_array_elements_text(?::jsonb)))';

/** Members of the tenant whom a channel knows that the viewer may see. */
const visible = ({ viewer }: GraphContext): FilterQuery<MemberRow> => ({
  tenantId: viewer.tenantId,
  ...(viewer.channels !== 'all' && { id: { $in: raw(KNOWN_IN, [JSON.stringify(viewer.channels)]) } }),
} as FilterQuery<MemberRow>);

/** A page of members, newest first. */
export const memberPage = (ctx: GraphContext, page: PageRequest): Promise<Page<MemberRow>> => {
  const where = (bounds: object): FilterQuery<MemberRow> => ({ $and: [visible(ctx), bounds] } as FilterQuery<MemberRow>);
  return keysetPage<MemberRow>(
    page,
    (bounds, orderBy, limit) => ctx.read((em) => em.find(Member, where(bounds), { ...READ_ONLY, orderBy, limit })),
    () => ctx.read((em) => em.count(Member, where({}))));
};

export const memberById = defineLoader<string, MemberRow>(async (ctx, ids) => {
  const members = await ctx.read((em) => em.find(Member, { $and: [visible(ctx), { id: { $in: ids } }] } as FilterQuery<MemberRow>, READ_ONLY));
  return new Map(members.map((member) => [member.id, member]));
});

/** How the channels that the viewer may see know a member; the newest profile first. */
export const identitiesByMember = defineListLoader<string, MemberIdentityRow>(
  (ctx, memberIds) => ctx.read((em) => em.find(
    MemberIdentity,
    {
      tenantId: ctx.viewer.tenantId, memberId: { $in: memberIds as never },
      ...(ctx.viewer.channels !== 'all' && { connectionId: { $in: [...ctx.viewer.channels] } }),
    },
    { ...READ_ONLY, orderBy: { profileAt: 'desc', id: 'asc' } })),
  (identity) => identity.memberId);

export const membershipsByMember = defineListLoader<string, MembershipRow>(
  (ctx, memberIds) => ctx.read((em) => em.find(Membership, { tenantId: ctx.viewer.tenantId, memberId: { $in: [...memberIds] } }, { ...READ_ONLY, orderBy: { level: 'asc' } })),
  (card) => card.memberId);
