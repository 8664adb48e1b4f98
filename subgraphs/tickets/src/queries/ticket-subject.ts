import type { SubgraphDeps } from '@quanyu/subgraph';
import type { TicketRow } from '../entities/ticket.entity.js';

type Vault = SubgraphDeps['vault'];
type Place = Pick<TicketRow, 'id' | 'tenantId'>;

const contextOf = ({ id, tenantId }: Place): { tenantId: string; row: string; field: string } => ({ tenantId, row: id, field: 'subject' });

export const sealSubject = (vault: Vault, place: Place, subject: string): string => vault.seal(subject, contextOf(place));

export const openSubject = (vault: Vault, ticket: Place & Pick<TicketRow, 'sealedSubject'>): string => vault.open(ticket.sealedSubject, contextOf(ticket));
