import { UserError } from '@quanyu/subgraph';
import { MEMBERS_ERRORS } from '../errors.js';

export const MembersUserError = UserError('Members', MEMBERS_ERRORS);
