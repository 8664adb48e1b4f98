import { UserError } from '@quanyu/subgraph';
import { TICKETS_ERRORS } from '../errors.js';

export const TicketsUserError = UserError('Tickets', TICKETS_ERRORS);
