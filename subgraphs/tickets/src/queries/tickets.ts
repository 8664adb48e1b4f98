import type { FilterQuery } from '@mikro-orm/core';
import { defineListLoader, defineLoader, keysetPage, type GraphContext, type Page, type PageRequest } from '@quanyu/subgraph';
import type { TicketStatus } from '../domain/moves.js';
import { Ticket, type TicketRow } from '../entities/ticket.entity.js';

const READ_ONLY = { disableIdentityMap: true } as const;

export interface TicketFilter { readonly statuses?: readonly TicketStatus[]; readonly orderId?: string; readonly memberId?: string }

/** Tickets of the tenant that the viewer may see: those without an order, and those of orders in their channels. */
export const inSight = ({ viewer }: Pick<GraphContext, 'viewer'>): FilterQuery<TicketRow> => ({
  tenantId: viewer.tenantId,
  ...(viewer.channels !== 'all' && { $or: [{ connectionId: null }, { connectionId: { $in: [...viewer.channels] } }] }),
});

/** A page of tickets, newest first. */
export const ticketPage = (ctx: GraphContext, { statuses, orderId, memberId }: TicketFilter, page: PageRequest): Promise<Page<TicketRow>> => {
  const where = (bounds: object): FilterQuery<TicketRow> => ({ $and: [
    inSight(ctx), bounds,
    statuses ? { status: { $in: [...statuses] } } : {}, orderId === undefined ? {} : { orderId }, memberId === undefined ? {} : { memberId },
  ] } as FilterQuery<TicketRow>);
  return keysetPage<TicketRow>(
    page,
    (bounds, orderBy, limit) => ctx.read((em) => em.find(Ticket, where(bounds), { ...READ_ONLY, orderBy, limit })),
    () => ctx.read((em) => em.count(Ticket, where({}))));
};

export const ticketById = defineLoader<string, TicketRow>(async (ctx, ids) => {
  const tickets = await ctx.read((em) => em.find(Ticket, { $and: [inSight(ctx), { id: { $in: ids as never } }] } as FilterQuery<TicketRow>, READ_ONLY));
  return new Map(tickets.map((ticket) => [ticket.id, ticket]));
});

/** All tickets of an order, oldest first. */
export const ticketsByOrder = defineListLoader<string, TicketRow>(
  (ctx, ids) => ctx.read((em) => em.find(Ticket, { $and: [inSight(ctx), { orderId: { $in: ids as never } }] } as FilterQuery<TicketRow>, { ...READ_ONLY, orderBy: { id: 'asc' } })),
  (ticket) => ticket.orderId!);
